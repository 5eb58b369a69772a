import type { FoundLoss, Loss, LossPolicy } from '../model/loss.ts'
import type { OffsetRange } from '../model/offset-range.ts'
import { describeOffsets } from '../model/offset-range.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

const CODES = {
  overtaken: 'MR_LOSS',
  truncated: 'MR_LOSS',
  hole: 'MR_LOSS',
  remade: 'MR_TOPIC_REMADE',
  deleted: 'MR_TOPIC_DELETED',
  'target-lost': 'MR_TARGET_LOST',
  'target-deleted': 'MR_TARGET_DELETED'
} as const satisfies Record<FoundLoss['kind'], string>

/**
 * What somebody can do about a loss that stopped a partition.
 *
 * @param resume where copying goes on if that is accepted; undefined = not known yet
 */
function nextStep({ kind }: Pick<FoundLoss, 'kind'>, topic: string, resume?: number): string {
  const policy = `topics.settings.${topic}.onLoss to continue`
  switch (kind) {
    case 'overtaken':
    case 'truncated':
    case 'remade':
      return `To go on from offset ${resume ?? 'that the log begins with'}, set ${policy}; to copy anew, use --reset.`
    case 'hole':
      return `Find out who deleted the records. To go on behind the hole, set ${policy}; if the topic is transactional or compacted, drop topics.settings.${topic}.transactional.`
    case 'deleted':
      return `If that was meant, take ${topic} out of topics.include. What was copied stays at the target.`
    case 'target-lost':
      return 'Find out what the target lost (unclean.leader.election.enable, lost disks), and copy it again with start.offsets and --reset.'
    case 'target-deleted':
      return `Start the job again with topics.settings.${topic}.onLoss: continue to have the topic made again and go on from here, or with --reset to copy all of it anew.`
  }
}

export interface LossCircumstances {
  readonly policy: LossPolicy
  /** What was written since everything was seen to be well; undefined = not known. */
  readonly writtenSince?: OffsetRange | undefined
  /** Where copying goes on, or could. */
  readonly resume?: number | undefined
  /** Where it had come to. */
  readonly position?: number | undefined
}

/** What a loss means for its partition. */
export function judgeLoss(
  { topic, partition }: TopicPartition,
  found: FoundLoss,
  { policy, writtenSince, resume, position }: LossCircumstances
): Loss {
  const goesOn = policy === 'continue'
  const code = CODES[found.kind]
  const written = writtenSince === undefined || writtenSince.to <= writtenSince.from ? undefined : writtenSince
  const since =
    written === undefined ? '' : ` Written since the last good check: ${describeOffsets(written)} of the source.`
  const cluster = found.kind === 'target-lost' || found.kind === 'target-deleted' ? 'target' : 'source'
  return {
    ...found,
    topic,
    partition,
    code,
    outcome: goesOn ? 'continued' : 'stopped',
    ...(written !== undefined && { writtenSince: written }),
    reason: {
      code,
      message: `${found.message}${since}`,
      next: goesOn ? goingOn(found, resume) : nextStep(found, topic, resume),
      place: { cluster, topic, partition, ...(position !== undefined && { offset: position }) }
    }
  }
}

function goingOn({ kind }: FoundLoss, resume: number | undefined): string {
  if (kind === 'deleted') return 'Nothing is left to copy of it, and onLoss is continue.'
  if (kind === 'target-deleted')
    return 'The topic is made again and copying goes on where it was, because onLoss is continue.'
  const where = resume === undefined ? '' : ` from offset ${resume}`
  return `Copying goes on${where}, because onLoss is continue.`
}
