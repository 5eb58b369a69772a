import type { ClusterAdmin } from '../client/types.ts'
import { someNames, type FindingList } from './finding-list.ts'
import type { PlanJob } from './plan-job.ts'
import type { PartitionOffsets } from './plan-partition.ts'
import type { Plan, TopicPlan } from './plan-types.ts'

export interface ProgressQuestion {
  readonly job: Pick<PlanJob, 'source' | 'start'>
  readonly offsets: readonly PartitionOffsets[]
  /** Every source topic with its number of partitions: commits may be for others than those to mirror. */
  readonly sourceTopics: ReadonlyMap<string, number>
  readonly reset: boolean
  /** This job has committed to this group before. */
  readonly hasRun: boolean
}

/** Does the group begin, go on, or begin anew? */
export async function planProgress(
  { job, offsets, sourceTopics, reset, hasRun }: ProgressQuestion,
  source: ClusterAdmin,
  findings: FindingList
): Promise<Plan['progress']> {
  const { groupId } = job.source
  const here = offsets.some(({ committed }) => committed !== undefined)
  if (reset) {
    if (job.start.from === 'committed') {
      findings.refuse({
        code: 'MR_RESET_COMMITTED',
        message: '--reset ignores the committed offsets, start: committed insists on them.',
        next: 'Drop --reset, or choose another start.'
      })
    }
    return here ? 'reset' : 'fresh'
  }
  const elsewhere = !here && (await hasCommits(source, groupId, offsets, sourceTopics))
  if (here || elsewhere) {
    findIgnoredStart(job, elsewhere, findings)
    return 'resume'
  }
  if (job.start.from === 'committed') {
    findings.refuse({
      code: 'MR_NO_COMMITS',
      message: `start is committed, but group ${groupId} has no committed offsets.`,
      next: 'Correct source.groupId, or choose another start.'
    })
  } else if (hasRun) {
    findings.refuse({
      code: 'MR_COMMITS_GONE',
      message:
        `This job has run before, but group ${groupId} has no committed offsets any more: Kafka drops them ` +
        '7 days after the last member left (offsets.retention.minutes), or when somebody deletes the group or its topics.',
      next: 'To begin anew by the start option, use --reset; what was copied before is copied again.'
    })
  }
  return 'fresh'
}

/** What `--reset` copies again, and what it leaves out: known once the starts are. */
export function findResetEffect(topics: readonly TopicPlan[], findings: FindingList): void {
  let again = 0
  let leftOut = 0
  const repeated = new Set<string>()
  for (const topic of topics) {
    for (const { committed, start } of topic.partitions) {
      if (committed === undefined) continue
      again += Math.max(0, committed - start)
      leftOut += Math.max(0, start - committed)
      if (committed > start) repeated.add(topic.source)
    }
  }
  const effects = [
    again > 0 ? `up to ${again} records of ${someNames([...repeated])} are copied again` : 'nothing is copied again',
    ...(leftOut > 0 ? [`up to ${leftOut} records that were not copied yet are left out`] : [])
  ]
  findings.warn({
    code: 'MR_RESET',
    message: `--reset ignores the committed offsets: ${effects.join(', ')}.`,
    next: 'Without --reset the job goes on where it was.'
  })
}

/** Commits of the group for topics that are not mirrored (any more). */
async function hasCommits(
  source: ClusterAdmin,
  groupId: string,
  offsets: readonly PartitionOffsets[],
  sourceTopics: ReadonlyMap<string, number>
): Promise<boolean> {
  const asked = new Set(offsets.map(({ topic }) => topic))
  const others = [...sourceTopics]
    .filter(([topic]) => !asked.has(topic))
    .flatMap(([topic, count]) => Array.from({ length: count }, (_, partition) => ({ topic, partition })))
  return others.length > 0 && (await source.committedOffsets(groupId, others)).size > 0
}

function findIgnoredStart({ source, start }: ProgressQuestion['job'], elsewhere: boolean, findings: FindingList): void {
  if (start.from === 'earliest' || start.from === 'committed') return
  const whose = elsewhere
    ? 'for other topics, so these are new to it and copied from their first record'
    : 'and goes on there'
  findings.warn({
    code: 'MR_START_IGNORED',
    message: `start: ${start.from} is not used: group ${source.groupId} has committed offsets ${whose}.`,
    next: 'To begin by the start option, use --reset, or another source.groupId.'
  })
}
