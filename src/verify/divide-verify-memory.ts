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
  readonly digests: number
}

/** A limit that is too small is refused with the arithmetic (MR_VERIFY_MEMORY). */
export function divideVerifyMemory(limit: number, brokers: number): VerifyMemory {
  const left = limit - BASE
  const share = (most: number): number => Math.min(most, Math.max(MIB, Math.floor(left / 16)))
  const [consumerQueue, fetchMaxBytes, poll] = [share(16 * MIB), share(8 * MIB), share(16 * MIB)]
  // Digests are hashed while the records of a poll are held, so both sides' polls count with their overhead.
  const digests = left - 2 * (2 * consumerQueue + poll) - brokers * fetchMaxBytes
  if (digests >= LEAST_DIGESTS) return { consumerQueue, fetchMaxBytes, poll, digests }
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

function mib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)}MiB`
}
