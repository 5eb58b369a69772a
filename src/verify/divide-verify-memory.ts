import { MillraceError } from '../model/millrace-error.ts'

const MIB = 1024 * 1024
/** The process, and the allocator's slack. */
const BASE = 104 * MIB
const LEAST_DIGESTS = 12 * MIB

/** How `limits.memory` is spent by a verification, which runs in one process. Each side has one of each but the digests. */
export interface VerifyMemory {
  readonly consumerQueue: number
  /** `fetch.max.bytes`, of each broker. */
  readonly fetchMaxBytes: number
  readonly poll: number
  /** Offset pairs, and sums over them. */
  readonly pairs: number
  readonly digests: number
}

/** A limit that is too small is refused with the arithmetic (MR_VERIFY_MEMORY). */
export function divideVerifyMemory(limit: number, brokers: number): VerifyMemory {
  const left = limit - BASE
  const share = (most: number): number => Math.min(most, Math.max(MIB, Math.floor(left / 16)))
  const [consumerQueue, fetchMaxBytes, poll] = [share(16 * MIB), share(8 * MIB), share(16 * MIB)]
  // Digests are hashed while the records of a poll are held, so both sides' polls count with their overhead.
  const digests = left - 2 * (2 * consumerQueue + poll) - brokers * fetchMaxBytes
  const pairs = Math.floor((digests - LEAST_DIGESTS) / 4)
  if (pairs >= 0) return { consumerQueue, fetchMaxBytes, poll, pairs, digests: digests - pairs }
  const needed = BASE + 6 * MIB + brokers * MIB + LEAST_DIGESTS
  throw new MillraceError({
    code: 'MR_VERIFY_MEMORY',
    kind: 'refused',
    message:
      `limits.memory is ${mib(limit)}, the least that verify works with is ${mib(Math.max(needed, limit + LEAST_DIGESTS - digests))}: ` +
      `${mib(BASE)} process + ${mib(LEAST_DIGESTS)} digests + two consumers with a fetch response of each of ${brokers} brokers.`,
    next: 'Raise it for this command: --set limits.memory=512MiB.',
    place: { option: 'limits.memory' }
  })
}

/** Of a sampled record: its digest, its place, where it should be, whether it was found. */
const SAMPLED_RECORD_BYTES = 520

/** A sample is kept whole, a topic at a time. One that does not fit is refused with the arithmetic (MR_VERIFY_MEMORY). */
export function checkSampleFits(records: number, { digests }: VerifyMemory): void {
  const most = Math.floor(digests / SAMPLED_RECORD_BYTES)
  if (records <= most) return
  throw new MillraceError({
    code: 'MR_VERIFY_MEMORY',
    kind: 'refused',
    message:
      `A sample of ${records} records takes ${mib(records * SAMPLED_RECORD_BYTES)} (${SAMPLED_RECORD_BYTES} B each); ` +
      `limits.memory leaves ${mib(digests)} for it.`,
    next: `Take ${most} records or fewer, compare all with --full, or raise limits.memory for this command: --set limits.memory=1GiB.`,
    place: { option: 'limits.memory' }
  })
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)}MiB`
}
