import type { BatchConsumer, Digests } from '../client/types.ts'
import { MillraceError } from '../model/millrace-error.ts'
import { nextOffset } from '../model/offset.ts'
import { partitionName, type TopicPartition } from '../model/topic-partition.ts'
import type { ReadRange } from './verify-types.ts'
import { WORDS } from './words.ts'

const POLL_MS = 100
/** While everything is paused somebody else has to get on. */
const IDLE_POLL_MS = 5
const PATIENCE_MS = 60_000

/** Called after each poll, with what it has brought. */
export type OnRead = (cluster: 'source' | 'target', records: number, bytes: number) => void

export type DigestsInRange = Pick<Digests, 'spans' | 'words' | 'keys'>

/** Where the digests of one partition go. */
export interface DigestSink {
  /** Digests in offset order, those outside the range already cut off. Returns how many wait to be looked at. */
  take(digests: DigestsInRange): number
  /** Nothing more will come. */
  end(): void
}

interface Reading {
  readonly range: ReadRange
  readonly sink: DigestSink
  /** Everything below was handed on. */
  position: number
  waiting: number
  isPaused: boolean
}

export interface DigestReaderOptions {
  readonly cluster: 'source' | 'target'
  readonly withTimestamps: boolean
  /** Digests of the keys, too. Default false. */
  readonly withKeys?: boolean
  /** Bytes of records that are held while they are hashed. */
  readonly pollBytes: number
  /** Digests of a partition that may wait before it is paused. */
  readonly mostWaiting?: number
  /** Without a record for this long: MR_VERIFY_STALLED. Default 60 s. */
  readonly patienceMs?: number
  readonly onRead?: OnRead
}

/**
 * Reads ranges of partitions as digests and hands them on, partition by partition.
 *
 * Invariant: a partition is assigned exactly while it is in `#readings`, and leaves it when its range has been read.
 * Assignments change only between polls, so no poll brings records of a former one.
 */
export class DigestReader {
  readonly #consumer: BatchConsumer
  readonly #options: Required<DigestReaderOptions>
  readonly #readings = new Map<string, Reading>()
  #added: Reading[] = []
  #records = 0
  #bytes = 0
  #heard = performance.now()

  constructor(consumer: BatchConsumer, options: DigestReaderOptions) {
    this.#consumer = consumer
    this.#options = {
      withKeys: false,
      mostWaiting: Number.POSITIVE_INFINITY,
      patienceMs: PATIENCE_MS,
      onRead: () => undefined,
      ...options
    }
  }

  get records(): number {
    return this.#records
  }

  /** Ranges that are not read to their end. */
  get open(): number {
    return this.#readings.size + this.#added.length
  }

  add(range: ReadRange, sink: DigestSink): void {
    if (range.from >= range.to) sink.end()
    else this.#added.push({ range, sink, position: range.from, waiting: 0, isPaused: false })
  }

  /** `waiting` digests of this partition wait to be looked at: goes on reading if they are few. */
  tell(range: TopicPartition, waiting: number): void {
    const reading = this.#readings.get(partitionName(range))
    if (reading !== undefined) reading.waiting = waiting
  }

  /** One poll. */
  async pump(): Promise<void> {
    this.#assignAdded()
    this.#resume()
    if (this.#readings.size === 0) return
    const [records, bytes] = [this.#records, this.#bytes]
    const isIdle = [...this.#readings.values()].every(({ isPaused }) => isPaused)
    const { digests, ends, errors } = await this.#consumer.digest(
      this.#options.pollBytes,
      isIdle ? IDLE_POLL_MS : POLL_MS,
      { timestamps: this.#options.withTimestamps, keys: this.#options.withKeys }
    )
    for (const error of errors) if (!error.retriable) throw this.#unreadable(error)
    for (const batch of digests) this.#take(batch)
    for (const end of ends) {
      const reading = this.#readings.get(partitionName(end))
      if (reading !== undefined) this.#advance(reading, end.offset)
    }
    this.#pause()
    this.#options.onRead(this.#options.cluster, this.#records - records, this.#bytes - bytes)
    if (isIdle || digests.length > 0) this.#heard = performance.now()
    else if (performance.now() - this.#heard > this.#options.patienceMs) throw this.#stalled()
  }

  /** Gives up what is not read yet. */
  drop(): void {
    const partitions = [...this.#readings.values()].map(({ range }) => range)
    this.#readings.clear()
    this.#added = []
    if (partitions.length > 0) this.#consumer.unassign(partitions)
  }

  #assignAdded(): void {
    const added = this.#added
    if (added.length === 0) return
    this.#added = []
    for (const reading of added) this.#readings.set(partitionName(reading.range), reading)
    this.#consumer.assign(
      added.map(({ range }) => ({ topic: range.topic, partition: range.partition, offset: range.from }))
    )
    this.#heard = performance.now()
  }

  #take(batch: Digests): void {
    const reading = this.#readings.get(partitionName(batch))
    if (reading === undefined) return
    const inRange = cut(batch, reading.position, reading.range.to)
    const count = inRange.words.length / WORDS
    this.#records += count
    this.#bytes += batch.bytes
    if (count > 0) reading.waiting = reading.sink.take(inRange)
    const { spans } = batch
    this.#advance(reading, nextOffset((spans.at(-2) ?? 0) + (spans.at(-1) ?? 0) - 1))
  }

  #advance(reading: Reading, position: number): void {
    reading.position = Math.max(reading.position, position)
    if (reading.position < reading.range.to) return
    this.#readings.delete(partitionName(reading.range))
    this.#consumer.unassign([reading.range])
    reading.sink.end()
  }

  #pause(): void {
    const full = [...this.#readings.values()].filter(
      ({ waiting, isPaused }) => !isPaused && waiting > this.#options.mostWaiting
    )
    if (full.length === 0) return
    this.#consumer.pause(full.map(({ range }) => range))
    for (const reading of full) reading.isPaused = true
  }

  #resume(): void {
    const ready = [...this.#readings.values()].filter(
      ({ waiting, isPaused }) => isPaused && waiting < this.#options.mostWaiting / 2
    )
    if (ready.length === 0) return
    this.#consumer.resume(ready.map(({ range }) => range))
    for (const reading of ready) reading.isPaused = false
  }

  #unreadable({
    topic,
    partition,
    offset,
    name,
    text
  }: {
    readonly topic: string
    readonly partition: number
    readonly offset: number
    readonly name: string
    readonly text: string
  }): MillraceError {
    return new MillraceError({
      code: 'MR_VERIFY_UNREADABLE',
      kind: 'client',
      message: `${topic}-${partition} can't be read: ${name}${text === '' ? '' : ` (${text})`}.`,
      next: 'Records may have been deleted meanwhile; verify again. See that this user may READ the topic.',
      place: { cluster: this.#options.cluster, topic, partition, ...(offset >= 0 && { offset }) }
    })
  }

  #stalled(): MillraceError {
    const [first] = [...this.#readings.values()].filter(({ isPaused }) => !isPaused)
    const { cluster, patienceMs } = this.#options
    return new MillraceError({
      code: 'MR_VERIFY_STALLED',
      kind: 'retry',
      message: `The ${cluster} cluster has sent no record for ${Math.round(patienceMs / 1000)} s, and some are missing.`,
      next: 'See whether its brokers can be reached and the partition has a leader, then verify again.',
      place: {
        cluster,
        ...(first !== undefined && {
          topic: first.range.topic,
          partition: first.range.partition,
          offset: first.position
        })
      }
    })
  }
}

/** The digests of offsets in [from, to). */
function cut({ spans, words, keys }: DigestsInRange, from: number, to: number): DigestsInRange {
  const first = spans[0] ?? 0
  const next = (spans.at(-2) ?? 0) + (spans.at(-1) ?? 0)
  if (first >= from && next <= to) return { spans, words, keys }
  const kept: number[] = []
  let record = 0
  let [firstRecord, endRecord] = [0, 0]
  for (let at = 0; at < spans.length; at += 2) {
    const offset = spans[at] ?? 0
    const count = spans[at + 1] ?? 0
    const low = Math.max(offset, from)
    const high = Math.min(offset + count, to)
    if (low < high) {
      if (kept.length === 0) firstRecord = record + (low - offset)
      endRecord = record + (high - offset)
      kept.push(low, high - low)
    }
    record += count
  }
  const [first4, end4] = [firstRecord * WORDS, endRecord * WORDS]
  return {
    spans: Float64Array.from(kept),
    words: words.subarray(first4, end4),
    keys: keys.length === 0 ? keys : keys.subarray(first4, end4)
  }
}
