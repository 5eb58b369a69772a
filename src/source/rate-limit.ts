import { RECORD_OVERHEAD_BYTES } from '../model/batch.ts'
import type { Rate } from '../model/rate.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * How much the source may read in a second, in bytes and in records. Without a limit it costs two comparisons a poll and
 * two a batch.
 *
 * Invariant: everything that is read is charged when it comes from the client, and given back when it is dropped to be
 * read again.
 */
export class RateLimit {
  #bytes: TokenBucket | undefined
  #records: TokenBucket | undefined

  /** Changes the limit, which may happen every second: what is saved up or owed stays. */
  set(rate: Rate, now: number): void {
    this.#bytes = changed(this.#bytes, rate.bytes, now)
    this.#records = changed(this.#records, rate.records, now)
  }

  /** What a poll may ask for now, in bytes as `BatchConsumer.poll` counts them; 0 = nothing yet, Infinity = no limit. */
  allowed(now: number): number {
    // A poll brings at most as many records as its bytes have room for their overhead.
    const records = this.#records === undefined ? Infinity : Math.floor(this.#records.available(now))
    return Math.min(this.#bytes?.available(now) ?? Infinity, records * RECORD_OVERHEAD_BYTES)
  }

  /** Milliseconds until a poll may ask for something. */
  opensIn(now: number): number {
    return Math.max(this.#bytes?.opensIn(now) ?? 0, this.#records?.opensIn(now) ?? 0)
  }

  charge(bytes: number, records: number, now: number): void {
    this.#bytes?.take(bytes, now)
    this.#records?.take(records, now)
  }

  giveBack(bytes: number, records: number): void {
    this.#bytes?.giveBack(bytes)
    this.#records?.giveBack(records)
  }
}

function changed(bucket: TokenBucket | undefined, perSecond: number | undefined, now: number): TokenBucket | undefined {
  if (perSecond === undefined) return undefined
  if (bucket === undefined) return new TokenBucket(perSecond, now)
  bucket.change(perSecond, now)
  return bucket
}
