import type { ClusterAdmin } from '../client/types.ts'
import { chooseTopics } from '../control/choose-topics.ts'
import { FindingList } from '../control/finding-list.ts'
import { listVisibleTopics } from '../control/list-visible-topics.ts'
import type { PlanJob } from '../control/plan-job.ts'
import type { PartitionOffsets } from '../control/plan-partition.ts'
import type { Finding } from '../control/plan-types.ts'
import { readTopicConfigs } from '../control/read-configs.ts'
import { readOffsets } from '../control/read-offsets.ts'
import type { TopicConfigs } from '../control/topic-configs.ts'
import { groupBy } from '../mapping/group-by.ts'
import { mapTopics } from '../mapping/map-topics.ts'
import { topicSelection } from '../mapping/topic-selection.ts'
import { type TopicPartition, partitionName } from '../model/topic-partition.ts'
import type { AuditedOffsets } from './audited-offsets.ts'
import { type Beginning, UNKNOWN_BEGINNING } from './beginning.ts'
import type { SourceRange, TargetRange, TopicBounds } from './verify-types.ts'

export type VerifiedJob = Pick<PlanJob, 'source' | 'target' | 'topics' | 'partitions' | 'start' | 'stop'>

/** What the job has kept in its state directory. */
export interface Kept {
  /** What the audit trail says, by source partition. */
  readonly audit?: ReadonlyMap<string, AuditedOffsets>
  readonly beginning?: Beginning
}

export interface Bounds {
  readonly topics: readonly TopicBounds[]
  readonly refusals: readonly Finding[]
}

/**
 * What is to be compared, so that it can be done while the mirror runs: first the group's commits, up to which the
 * target must have everything; then the ends of the target; then those of the source. So whatever the target has by
 * then lies below the end of the source.
 */
export async function takeBounds(
  job: VerifiedJob,
  source: ClusterAdmin,
  target: ClusterAdmin,
  { audit = new Map(), beginning = UNKNOWN_BEGINNING }: Kept = {}
): Promise<Bounds> {
  const findings = new FindingList()
  const [sourceTopics, targetTopics] = await Promise.all([listVisibleTopics(source), listVisibleTopics(target)])
  const chosen = await chooseTopics(topicSelection(job.topics), source, sourceTopics, false, findings)
  const mapping = mapTopics(chosen, job.topics)
  const partitionsOf = (topic: string, counts: ReadonlyMap<string, number>): TopicPartition[] =>
    Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition }))

  const wanted = chosen.flatMap((topic) => partitionsOf(topic, sourceTopics))
  const committed = await source.committedOffsets(job.source.groupId, wanted)
  const targets = [...new Set(mapping.topics.map((topic) => topic.target))]
  const copied = targets.flatMap((topic) => partitionsOf(topic, targetTopics))
  const targetEnds = await target.listOffsets(copied, 'latest')
  const targetStarts = await target.listOffsets(copied, 'earliest')
  const { start, stop } = job
  const offsets = await readOffsets(source, wanted, { groupId: job.source.groupId, start, stop, now: Date.now() })
  const bySource = groupBy(offsets, ({ topic }) => topic)
  const there = targets.filter((topic) => targetTopics.has(topic))
  const restamped = job.target.accept.includes('restamp')
    ? await topicsWith(target, there, (configs) => configs.get('message.timestamp.type') === 'LogAppendTime')
    : new Set<string>()
  const compacted = {
    source: await topicsWith(source, chosen, isCompacted),
    target: await topicsWith(target, there, isCompacted)
  }

  const isBeginningKnown = Object.keys(beginning.source).length > 0
  // Undefined: it was not kept. A partition that came later is copied from its first record.
  const beganAt = (of: TopicPartition): number | undefined =>
    beginning.source[partitionName(of)] ?? (isBeginningKnown ? 0 : undefined)

  const topics = [...groupBy(mapping.topics, (topic) => topic.target)].map(([name, group]): TopicBounds => {
    const sources = group.map((topic) => topic.source)
    return {
      target: name,
      sources,
      sourceRanges: sources
        .flatMap((topic) => bySource.get(topic) ?? [])
        .map((of) => {
          const audited = audit.get(partitionName(of))
          const range = sourceRange(of, committed.get(partitionName(of))?.offset, start, beganAt(of))
          return audited === undefined ? range : { ...range, audited }
        }),
      targetRanges: partitionsOf(name, targetTopics).map((of): TargetRange => {
        const name = partitionName(of)
        const logStart = targetStarts.get(name) ?? 0
        const began = beginning.target[name] ?? 0
        const from = Math.max(logStart, began)
        return { ...of, from, to: Math.max(from, targetEnds.get(name) ?? from), isTrimmed: logStart > began }
      }),
      isOrdered: job.partitions === 'same' && sources.length === 1,
      isRestamped: restamped.has(name),
      isCompacted: compacted.target.has(name) || sources.some((topic) => compacted.source.has(topic))
    }
  })
  return { topics, refusals: findings.refusals }
}

function sourceRange(
  of: PartitionOffsets,
  committed: number | undefined,
  start: VerifiedJob['start'],
  began: number | undefined
): SourceRange {
  const { topic, partition, logStart, end, atStartTime } = of
  const [begin, isStartUnknown] = began === undefined ? startByRule(of, start, atStartTime) : [began, false]
  const from = Math.max(begin, logStart)
  return {
    topic,
    partition,
    from,
    to: Math.max(from, end),
    // Without a commit nothing has to be there yet.
    requiredTo: committed ?? from,
    isUncommitted: committed === undefined,
    // `earliest` without a kept beginning: it may have been an earlier one.
    isTrimmed: isStartUnknown || logStart > (began === undefined && start.from === 'earliest' ? 0 : begin),
    isStartUnknown
  }
}

/** Where the copy began by what the job says, and whether that is a guess. */
function startByRule(
  { topic, partition, logStart, end }: PartitionOffsets,
  start: VerifiedJob['start'],
  atStartTime: number | undefined
): [number, boolean] {
  switch (start.from) {
    case 'earliest':
      return [logStart, false]
    case 'timestamp':
      return [atStartTime ?? end, false]
    case 'offsets': {
      const ofTopic = Object.hasOwn(start.offsets, topic) ? start.offsets[topic] : undefined
      return [ofTopic?.[partition] ?? logStart, false]
    }
    case 'latest':
    case 'committed':
      return [logStart, true]
  }
}

/** Topics of the cluster for whose configuration this holds. Those that it does not show are taken for usual ones. */
async function topicsWith(
  admin: ClusterAdmin,
  topics: readonly string[],
  holds: (configs: TopicConfigs) => boolean
): Promise<ReadonlySet<string>> {
  // What can't be read was told by the plan.
  const configs = await readTopicConfigs(admin, topics, new FindingList())
  return new Set([...configs].filter(([, of]) => holds(of)).map(([topic]) => topic))
}

const isCompacted = (configs: TopicConfigs): boolean => configs.get('cleanup.policy')?.includes('compact') ?? false
