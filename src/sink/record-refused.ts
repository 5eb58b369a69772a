import type { StopReason } from '../model/stop-reason.ts'
import type { PartitionOffset } from '../model/topic-partition.ts'

/** Why a partition stops at a record that the target does not take. */
export function recordRefused(
  { topic, partition, offset }: PartitionOffset,
  { code, name }: { readonly code: number; readonly name: string }
): StopReason {
  return {
    code: 'MR_RECORD_REFUSED',
    message: `The target refuses the record at offset ${offset}: ${name} (${code}).`,
    next: `${NEXT[name] ?? "Change the target topic's configuration so that it takes the record"}, then start the job again; or set onBadRecord.`,
    place: { cluster: 'target', topic, partition, offset }
  }
}

const NEXT: Readonly<Record<string, string>> = {
  MSG_SIZE_TOO_LARGE: "Raise max.message.bytes of the target topic (and the broker's limits)",
  INVALID_TIMESTAMP: 'Widen message.timestamp.before.max.ms or message.timestamp.after.max.ms of the target topic'
}
