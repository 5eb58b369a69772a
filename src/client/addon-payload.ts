import type { BatchPayload, FoundHeader, RecordView } from '../model/batch.ts'
import type { RecordBounds } from '../model/record-limits.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { AddonBatch } from './addon-types.ts'

type Facts = Pick<
  BatchPayload,
  | 'firstOffset'
  | 'lastOffset'
  | 'count'
  | 'bytes'
  | 'firstTimestamp'
  | 'maxTimestamp'
  | 'minTimestamp'
  | 'largestRecord'
  | 'hasKeyless'
>

/**
 * Records that stay in native memory.
 *
 * Invariant: `#batch` is there exactly as long as this payload owns the records; sending, `release()` and taking all
 * of them end that. The numbers describe what it owns, or what it owned last.
 */
export class AddonPayload implements BatchPayload {
  #batch: AddonBatch | undefined
  #facts: Facts

  constructor(batch: AddonBatch) {
    this.#batch = batch
    this.#facts = factsOf(batch)
  }

  /** Takes the native batch out of a payload that is about to be sent. */
  static surrender(payload: BatchPayload): AddonBatch {
    if (!(payload instanceof AddonPayload)) {
      throw new MillraceError({
        code: 'MR_FOREIGN_PAYLOAD',
        kind: 'internal',
        message: 'the payload comes from another kind of client'
      })
    }
    const batch = payload.#owned()
    payload.#batch = undefined
    return batch
  }

  get firstOffset(): number {
    return this.#facts.firstOffset
  }

  get lastOffset(): number {
    return this.#facts.lastOffset
  }

  get count(): number {
    return this.#facts.count
  }

  get bytes(): number {
    return this.#facts.bytes
  }

  get firstTimestamp(): number {
    return this.#facts.firstTimestamp
  }

  get maxTimestamp(): number {
    return this.#facts.maxTimestamp
  }

  get minTimestamp(): number {
    return this.#facts.minTimestamp
  }

  get largestRecord(): number {
    return this.#facts.largestRecord
  }

  get hasKeyless(): boolean {
    return this.#facts.hasKeyless
  }

  take(from: number, to: number): AddonPayload | undefined {
    const batch = this.#owned()
    const taken = batch.take(from, to)
    if (taken === undefined) return undefined
    if (batch.count === 0) {
      batch.release()
      this.#batch = undefined
    } else {
      this.#facts = factsOf(batch)
    }
    return new AddonPayload(taken)
  }

  offsetAtOrAfter(timestamp: number): number | undefined {
    return this.#owned().offsetAtOrAfter(timestamp)
  }

  outside({ maxBytes, minTimestamp, maxTimestamp, keyed }: RecordBounds): number[] {
    return this.#owned().outside(finite(maxBytes), finite(minTimestamp), finite(maxTimestamp), keyed)
  }

  findHeaders(name: string, maxRecords: number, from: number, to: number): FoundHeader[] {
    return this.#owned().findHeaders(name, maxRecords, from, to)
  }

  records(): RecordView[] {
    return this.#owned().records()
  }

  release(): void {
    this.#batch?.release()
    this.#batch = undefined
  }

  #owned(): AddonBatch {
    if (this.#batch !== undefined) return this.#batch
    throw new MillraceError({
      code: 'MR_PAYLOAD_GONE',
      kind: 'internal',
      message: 'the records were sent or released already'
    })
  }
}

function factsOf(batch: AddonBatch): Facts {
  const { firstOffset, lastOffset, count, bytes, firstTimestamp, maxTimestamp, minTimestamp, hasKeyless } = batch
  const largestRecord = batch.largest
  return {
    firstOffset,
    lastOffset,
    count,
    bytes,
    firstTimestamp,
    maxTimestamp,
    minTimestamp,
    largestRecord,
    hasKeyless
  }
}

function finite(bound: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.trunc(bound)))
}
