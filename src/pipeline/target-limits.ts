import type { RecordLimits } from '../model/record-limits.ts'
import type { DeliveryFailure } from '../model/settlement.ts'
import { RECORD_FRAME_BYTES } from '../sink/record-bounds.ts'
import type { RecordFacts } from '../sink/refused-records.ts'

export interface TargetLimitsOptions {
  /** `batch.size` of producers as planned; undefined = the client's own. */
  readonly batchBytes: number | undefined
  /** The limits of these target topics as they are now; topics that don't tell are left out. */
  readonly ask: (topics: readonly string[]) => Promise<ReadonlyMap<string, RecordLimits>>
}

/** librdkafka's default of `batch.size`. */
const BATCH_BYTES_BY_DEFAULT = 1_000_000
/** Requests get smaller by this factor as long as they are refused for their size and nobody says why. */
const SHRINK = 4
/** So small a request holds hardly more than one record; one that is refused now is too large itself. */
const SMALLEST_BATCH_BYTES = 1024

/**
 * What the target topics take, as far as this worker knows: asked for when a partition is prepared and again when the
 * target refused something, and what refusals themselves told.
 *
 * Invariant: `batchBytes` is at most the smallest known `max.message.bytes`, because a request over it fails as a whole,
 * however small its records.
 */
export class TargetLimits {
  readonly #options: TargetLimitsOptions
  readonly #told = new Map<string, RecordLimits>()
  /** What was told, and what refusals taught since. */
  readonly #byTopic = new Map<string, RecordLimits>()
  readonly #doubted = new Set<string>()
  #batchBytes: number
  #tooLarge = false

  constructor(options: TargetLimitsOptions) {
    this.#options = options
    this.#batchBytes = options.batchBytes ?? BATCH_BYTES_BY_DEFAULT
  }

  of(topic: string): RecordLimits | undefined {
    return this.#byTopic.get(topic)
  }

  /** `batch.size` of the next producer. */
  get batchBytes(): number {
    return this.#batchBytes
  }

  note(topic: string, limits: RecordLimits): void {
    this.#told.set(topic, limits)
    this.#byTopic.set(topic, limits)
    this.#batchBytes = Math.min(this.#batchBytes, limits.maxMessageBytes ?? Infinity)
  }

  /**
   * A record was refused although it went alone, so others like it will be. Where the topic told its limits they are
   * believed: a record within them may have been too large by its headers, which are not counted, so no more than those
   * of half the limit are suspects from then on.
   */
  learn(topic: string, { name, record }: { readonly name: string; readonly record: RecordFacts }): void {
    const told = this.#told.get(topic)
    const known = this.#byTopic.get(topic) ?? {}
    if (name === 'MSG_SIZE_TOO_LARGE') {
      const least = Math.max(SMALLEST_BATCH_BYTES, Math.floor((told?.maxMessageBytes ?? 0) / 2))
      const largest = Math.max(least, record.bytes + RECORD_FRAME_BYTES - 1)
      this.#byTopic.set(topic, { ...known, maxMessageBytes: Math.min(known.maxMessageBytes ?? Infinity, largest) })
    } else if (name === 'INVALID_RECORD' && !record.hasKey && told === undefined) {
      this.#byTopic.set(topic, { ...known, keyed: true })
    }
  }

  /**
   * The target refused records that nothing spoke against.
   *
   * @returns whether they are suspects now; false when it may have been only the size of the request
   */
  refused(topic: string, { fault }: DeliveryFailure): boolean {
    this.#doubted.add(topic)
    const records = fault?.ranges.reduce((sum, { count }) => sum + count, 0) ?? 0
    const together = fault?.name === 'MSG_SIZE_TOO_LARGE' || fault?.name === 'RECORD_LIST_TOO_LARGE'
    if (!together || records < 2 || this.#batchBytes <= SMALLEST_BATCH_BYTES) return true
    this.#tooLarge = true
    return false
  }

  /** Before a producer is made anew: what changed at the target, and how large its requests may be. */
  async refresh(): Promise<void> {
    if (this.#doubted.size === 0) return
    const before = this.#batchBytes
    const topics = [...this.#doubted]
    this.#doubted.clear()
    for (const [topic, limits] of await this.#options.ask(topics)) this.note(topic, limits)
    if (this.#tooLarge && this.#batchBytes >= before) {
      this.#batchBytes = Math.max(SMALLEST_BATCH_BYTES, Math.floor(before / SHRINK))
    }
    this.#tooLarge = false
  }
}
