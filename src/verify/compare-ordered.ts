import { setTimeout as wait } from 'node:timers/promises'
import type { CompareOptions, Consumers } from './compare-options.ts'
import { DigestReader } from './digest-reader.ts'
import { onBothSides } from './on-both-sides.ts'
import { type OnTake, OrderedPair } from './ordered-pair.ts'
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
/** For the other side, when one has read all that is open. */
const WAIT_MS = 5

/** Compares partitions with their copies, record by record, in order; a few partitions at a time. */
export async function compareOrdered(
  pairs: readonly { readonly source: SourceRange; readonly target: TargetRange; readonly onTake?: OnTake }[],
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
  const readers = { source: reader('source'), target: reader('target') }
  const mostWindow = largestWindow(memory / AT_ONCE - BYTES_OF_WAITING)
  const todo = [...pairs]
  const open = new Set<OrderedPair>()
  const done: OrderedPair[] = []

  const finish = (): void => {
    for (const pair of open) {
      readers.source.tell(pair.source, pair.waiting('source'))
      readers.target.tell(pair.target, pair.waiting('target'))
      if (pair.result === undefined) continue
      open.delete(pair)
      done.push(pair)
      onDone(pair)
    }
  }
  const begin = (): void => {
    while (open.size < AT_ONCE) {
      const next = todo.shift()
      if (next === undefined) return
      const limits = { window: windowFor(next.source, mostWindow), mostUnmatched: MOST_UNMATCHED, mostNamed }
      const pair = new OrderedPair(next.source, next.target, limits, next.onTake)
      open.add(pair)
      readers.source.add(pair.source, pair.sink('source'))
      readers.target.add(pair.target, pair.sink('target'))
      // Two empty ones are done at once.
      finish()
    }
  }
  begin()
  try {
    await onBothSides(signal, async (cluster, either) => {
      const side = readers[cluster]
      while (open.size > 0) {
        either.throwIfAborted()
        if (side.open > 0) await side.pump()
        else await wait(WAIT_MS)
        finish()
        begin()
      }
    })
  } finally {
    readers.source.drop()
    readers.target.drop()
  }
  return done
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
