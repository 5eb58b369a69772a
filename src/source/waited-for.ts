import type { Poll } from '../client/types.ts'
import { RECORD_OVERHEAD_BYTES } from '../model/batch.ts'
import type { Side } from '../telemetry/metrics/limit-clock.ts'
import type { PartitionReader } from './partition-reader.ts'

/**
 * What a poll that begins now waits for, if it has to wait: the target, if what it was given stands still; records of
 * the source, if there is a partition that may have some; else the target, if partitions are held back or paused for it;
 * else nothing that is there.
 */
export function waitedFor(readers: Iterable<PartitionReader>, targetStandsStill: boolean): Side {
  if (targetStandsStill) return 'target'
  let blocked = false
  for (const reader of readers) {
    if (!reader.isWanted || reader.heldByUser) continue
    if (reader.paused || reader.heldSince !== undefined) blocked = true
    else if (!reader.atEnd) return 'source'
  }
  return blocked ? 'target' : 'idle'
}

/**
 * Whether a poll found as much as it asked for, bytes or records. Then it did not wait: a poll waits for the first
 * record only, and one that finds less has emptied what the client had fetched.
 */
export function broughtAsked({ fetched }: Pick<Poll, 'fetched'>, maxBytes: number): boolean {
  let cost = 0
  for (const { payload } of fetched) cost += payload.bytes + payload.count * RECORD_OVERHEAD_BYTES
  return cost >= maxBytes
}
