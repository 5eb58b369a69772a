import type { Checkpoints } from '../checkpoint/checkpoints.ts'
import type { BatchConsumer, PartitionError } from '../client/types.ts'
import type { LossPolicy } from '../model/loss.ts'
import type { OffsetRange } from '../model/offset-range.ts'
import type { StopReason } from '../model/stop-reason.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { PartitionReader } from '../source/partition-reader.ts'
import type { Readers } from '../source/readers.ts'
import type { MirrorEvent } from '../telemetry/events.ts'
import type { CopyRanges } from './copy-ranges.ts'
import { isDoubtful } from './is-doubtful.ts'
import type { PartitionBook } from './partition-book.ts'
import { tellSeldom } from './tell-seldom.ts'

export interface PartitionCourseOptions {
  readonly consumer: Pick<BatchConsumer, 'pause'>
  readonly readers: Readers
  readonly checkpoints: Checkpoints
  readonly ranges: CopyRanges
  readonly book: PartitionBook
  readonly gapless: Readonly<Record<string, LossPolicy>>
  readonly onEvent: (event: MirrorEvent) => void
  readonly onDoubt: ((partition: TopicPartition, reason: StopReason) => void) | undefined
  readonly onHole: ((partition: TopicPartition, hole: OffsetRange) => void) | undefined
}

/** What goes on is told again after this long. */
const TELL_WAITING_MS = 60_000

/**
 * What becomes of a single partition while the others go on: it is copied to its end, can't be read for now, is in
 * doubt, or stops.
 *
 * Invariant: a partition that has stopped or reached its end is not read any more, and is noted as far as it came.
 */
export class PartitionCourse {
  readonly #options: PartitionCourseOptions
  readonly #tellWaiting = tellSeldom(TELL_WAITING_MS)

  constructor(options: PartitionCourseOptions) {
    this.#options = options
  }

  /** Notes how far the partition is, and whether that is all. */
  progress(reader: PartitionReader): void {
    const { checkpoints, ranges, book, onEvent } = this.#options
    const checkpoint = checkpoints.of(reader.source)
    if (checkpoint === undefined || checkpoint < ranges.rangeOf(reader.source).to) return
    if (book.stateOf(reader.source) !== 'copying') return
    this.endOfRange(reader.source)
    this.note(reader)
    book.mark(reader.source, 'completed')
    onEvent({ type: 'completed', partition: reader.source, to: checkpoint })
  }

  note(reader: PartitionReader): void {
    const { checkpoints, book } = this.#options
    const { source } = reader
    book.progress(source, reader.position, checkpoints.of(source), checkpoints.committedOf(source))
    book.fetching(source, reader.state !== 'reading' || reader.paused)
  }

  /** Everything up to the end is handed out. */
  endOfRange(partition: TopicPartition): void {
    const reader = this.#options.readers.get(partition)
    if (reader === undefined || !reader.isWanted) return
    reader.end('finished')
    this.#options.consumer.pause([reader.source])
  }

  /** The client says that a partition can't be read, for now or for good. */
  unreadable(error: PartitionError): void {
    const reader = this.#options.readers.get(error)
    if (reader === undefined || reader.state === 'stopped') return
    if (error.retriable) {
      const message = `source ${reader.name} can't be read just now: ${error.text} (${error.name})`
      if (this.#tellWaiting(message)) this.#options.onEvent({ type: 'waiting', message })
      return
    }
    const reason = {
      code: 'MR_SOURCE_PARTITION',
      message: `The source can't be read any further: ${error.text} (${error.name}).`,
      next: 'Look at the source topic and the permissions of the user, then start the job again.',
      place: { cluster: 'source', ...reader.source, offset: error.offset >= 0 ? error.offset : reader.position }
    } as const
    const { onDoubt } = this.#options
    if (onDoubt === undefined || !isDoubtful(error)) return this.stop(reader, reason)
    this.#readNoMore(reader)
    onDoubt(reader.source, reason)
  }

  /** Offsets of a topic that has a record at each had none. Returns what is to be done. */
  hole(partition: TopicPartition, hole: OffsetRange): LossPolicy {
    const policy = this.#options.gapless[partition.topic] ?? 'stop'
    const reader = this.#options.readers.get(partition)
    if (policy === 'stop' && reader !== undefined) this.#readNoMore(reader)
    this.#options.onHole?.(partition, hole)
    return policy
  }

  /** @param traceId of the batch that is the reason, if it was traced */
  stop(reader: PartitionReader, reason: StopReason, traceId?: string): void {
    this.#readNoMore(reader)
    this.#options.book.mark(reader.source, 'stopped', reason)
    const traced = traceId === undefined ? {} : { traceId }
    this.#options.onEvent({ type: 'partition-stopped', partition: reader.source, reason, ...traced })
  }

  #readNoMore(reader: PartitionReader): void {
    reader.end('stopped')
    this.#options.consumer.pause([reader.source])
    this.note(reader)
  }
}
