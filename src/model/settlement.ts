import type { StopReason } from './stop-reason.ts'

/** Consecutive records that went to consecutive offsets of the target. */
export interface OffsetRun {
  readonly sourceOffset: number
  /** -1 where the broker did not tell (a report of a duplicate sequence has no offset). */
  readonly targetOffset: number
  readonly count: number
}

/** Consecutive source offsets. */
export interface OffsetRange {
  readonly offset: number
  readonly count: number
}

/** A broker finds fault with records themselves: not with us, the topic or the moment. */
export interface RecordFault {
  readonly code: number
  readonly name: string
  /** Each of these records, or another that was in the same request. */
  readonly ranges: readonly OffsetRange[]
}

/** Why the rest of a batch was not delivered. */
export interface DeliveryFailure {
  /** librdkafka's error code (`rd_kafka_resp_err_t`): negative = local, positive = the broker's. */
  readonly code: number
  /** librdkafka's name of the code without its prefix, such as `MSG_SIZE_TOO_LARGE` or `_PURGE_QUEUE`. */
  readonly name: string
  /** The first source offset that was not delivered. */
  readonly offset: number
  /** How many records of the batch were not delivered. */
  readonly count: number
  /**
   * `refused`: the target (or librdkafka's own check) will never take this record.
   * `purged`: not delivered only because the producer was emptied or made anew; a rewind sends it again.
   * `blocked`: held back because an earlier record of the same source partition failed.
   */
  readonly kind: 'refused' | 'purged' | 'blocked'
  readonly fault?: RecordFault
  /** It is decided that the partition ends here, and why. */
  readonly stop?: StopReason
}

/** Records that the target refused and that are dealt with all the same, as the job's policy says. */
export interface SetAside {
  readonly deadLettered: number
  readonly skipped: number
}

/** What became of a batch; said once by the sink. */
export interface Settlement {
  readonly delivered: number
  /** Records that could not be kept byte for byte: timestamp 0 becomes "now" in librdkafka. */
  readonly altered: number
  /** Where they are; absent when there are none. */
  readonly alteredRanges?: readonly OffsetRange[]
  readonly setAside?: SetAside
  readonly runs: readonly OffsetRun[]
  readonly failure?: DeliveryFailure
}

/** The settlement of a batch that holds no record. */
export const NOTHING_TO_DELIVER: Settlement = { delivered: 0, altered: 0, runs: [] }

/** The settlement of records of which none was delivered. */
export function undelivered(failure: DeliveryFailure): Settlement {
  return { ...NOTHING_TO_DELIVER, failure }
}

/** Of records that were never sent, because their producer is gone: they are read again and sent by the next one. */
export function unsent(offset: number, count: number): Settlement {
  return undelivered({ code: PURGE_QUEUE, name: '_PURGE_QUEUE', offset, count, kind: 'blocked' })
}

/** librdkafka's code for what was in the queue of a producer that is gone (RD_KAFKA_RESP_ERR__PURGE_QUEUE). */
const PURGE_QUEUE = -152

/** The target offset behind the last record that was delivered; undefined where there is none, or the broker did not tell. */
export function deliveredEnd({ runs }: Settlement): number | undefined {
  const last = runs.at(-1)
  return last === undefined || last.targetOffset < 0 ? undefined : last.targetOffset + last.count
}
