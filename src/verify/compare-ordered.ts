import { setTimeout as wait } from 'node:timers/promises'
import type { CompareOptions, Consumers } from './compare-options.ts'
import { DigestReader } from './digest-reader.ts'
import { OrderedPair } from './ordered-pair.ts'
import type { SourceRange, TargetRange } from './verify-types.ts'

/** Bytes that a digest of the window costs. */
const BYTES_OF_DIGEST = 40
const LEAST_WINDOW = 1 << 13
const MOST_WINDOW = 1 << 22
/** Partitions are compared side by side because brokers answer faster so; a long window for each is worth more. */
const AT_ONCE = 4
const MOST_WAITING = 1 << 16
const BYTES_OF_WAITING = 2 * 2 * MOST_WAITING * 16
const MOST_UNMATCHED = 50_000

/** Compares partitions with their copies, record by record, in order; a few partitions at a time. */
export async function compareOrdered(
  pairs: readonly { readonly source: SourceRange; readonly target: TargetRange }[],
  consumers: Consumers,
  options: CompareOptions & { readonly onDone: (pair: OrderedPair) => void }
): Promise<OrderedPair[]> {
  const { withTimestamps, memory, pollBytes, mostNamed, signal, onRead, onDone } = options
  const reader = (cluster: 'source' | 'target'): DigestReader =>
    new DigestReader(consumers[cluster], {
      cluster,
      withTimestamps,
      pollBytes,
      mostWaiting: MOST_WAITING,
      onRead
    })
  const [source, target] = [reader('source'), reader('target')]
  const mostWindow = largestWindow(memory / AT_ONCE - BYTES_OF_WAITING)
  const todo = [...pairs]
  const open = new Set<OrderedPair>()
  const done: OrderedPair[] = []
  let isStopped = false

  const begin = (): void => {
    while (open.size < AT_ONCE && !isStopped) {
      const next = todo.shift()
      if (next === undefined) return
      const limits = { window: windowFor(next.source, mostWindow), mostUnmatched: MOST_UNMATCHED, mostNamed }
      const pair = new OrderedPair(next.source, next.target, limits)
      open.add(pair)
      source.add(pair.source, pair.sink('source'))
      target.add(pair.target, pair.sink('target'))
    }
  }
  const finish = (): void => {
    for (const pair of open) {
      source.tell(pair.source, pair.waiting('source'))
      target.tell(pair.target, pair.waiting('target'))
      if (pair.result === undefined) continue
      open.delete(pair)
      done.push(pair)
      onDone(pair)
    }
  }
  const read = async (side: DigestReader): Promise<void> => {
    while (open.size > 0) {
      signal.throwIfAborted()
      if (side.open > 0) await side.pump()
      else await wait(5)
      finish()
      begin()
    }
  }
  begin()
  finish()
  begin()
  try {
    await settled(read(source), read(target), () => {
      isStopped = true
      open.clear()
    })
  } finally {
    source.drop()
    target.drop()
  }
  return done
}

/** Both, or the first failure once the other has ended as well: nothing may go on using the consumers. */
async function settled(a: Promise<void>, b: Promise<void>, stop: () => void): Promise<void> {
  const stopOnFailure = async (reading: Promise<void>): Promise<void> => {
    try {
      await reading
    } catch (error) {
      stop()
      throw error
    }
  }
  const results = await Promise.allSettled([stopOnFailure(a), stopOnFailure(b)])
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** The largest window, a power of two, for so many bytes. */
function largestWindow(bytes: number): number {
  let window = LEAST_WINDOW
  while (window < MOST_WINDOW && 2 * window * BYTES_OF_DIGEST <= bytes) window *= 2
  return window
}

/** A small partition needs no large window. */
function windowFor({ from, to }: SourceRange, most: number): number {
  let window = LEAST_WINDOW
  while (window < most && window < 2 * (to - from)) window *= 2
  return window
}
