import type { BatchPayload } from '../model/batch.ts'
import type { RecordBounds, RecordLimits } from '../model/record-limits.ts'

/**
 * What a record costs in a request beside key, value and headers, at most: the batch's header of 61 B, and of the record
 * attributes, five lengths and two differences (Kafka's message format 2).
 */
export const RECORD_FRAME_BYTES = 61 + 36

/** The broker's clock and ours may differ by this much, or by a tenth of a short limit. */
const CLOCK_SLACK_MS = 60_000

/**
 * The bounds beyond which the target may refuse a record. It need not: compression makes records smaller, and clocks
 * differ. Headers are not counted, because counting them costs a look into every record.
 *
 * @param now milliseconds since 1970
 */
export function recordBounds(limits: RecordLimits, now: number): RecordBounds {
  const { maxMessageBytes = Infinity, beforeMs = Infinity, afterMs = Infinity, keyed = false } = limits
  return {
    maxBytes: Math.max(-1, maxMessageBytes - RECORD_FRAME_BYTES),
    minTimestamp: now - withoutSlack(beforeMs),
    maxTimestamp: now + withoutSlack(afterMs),
    keyed
  }
}

/** Whether there is a record outside the bounds: numbers of the batch tell, no record is looked at. */
export function hasOutside(payload: BatchPayload, bounds: RecordBounds): boolean {
  return (
    payload.largestRecord > bounds.maxBytes ||
    (payload.minTimestamp >= 0 &&
      (payload.minTimestamp < bounds.minTimestamp || payload.maxTimestamp > bounds.maxTimestamp)) ||
    (bounds.keyed && payload.hasKeyless)
  )
}

function withoutSlack(limitMs: number): number {
  return Number.isFinite(limitMs) ? limitMs - Math.min(CLOCK_SLACK_MS, limitMs / 10) : limitMs
}
