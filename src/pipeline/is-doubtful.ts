import type { PartitionError } from '../client/types.ts'

/** The log is not what it was: whether something was lost is for the supervisor to find out. */
const NAMES: ReadonlySet<string> = new Set([
  'OFFSET_OUT_OF_RANGE',
  '_AUTO_OFFSET_RESET',
  '_LOG_TRUNCATION',
  '_UNKNOWN_PARTITION',
  '_UNKNOWN_TOPIC',
  'UNKNOWN_TOPIC_ID',
  'UNKNOWN_TOPIC_OR_PART'
])

export function isDoubtful({ name }: Pick<PartitionError, 'name'>): boolean {
  return NAMES.has(name)
}
