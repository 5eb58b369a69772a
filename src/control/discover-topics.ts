import type { ClusterAdmin } from '../client/types.ts'
import { mapTopics, type TopicMapping } from '../mapping/map-topics.ts'
import { topicSelection } from '../mapping/topic-selection.ts'
import { FindingList } from './finding-list.ts'
import { findInMapping, findLoops } from './mapping-findings.ts'
import { listVisibleTopics } from './list-visible-topics.ts'
import type { PlanJob } from './plan-job.ts'
import { planPartitions } from './plan-partitions.ts'
import { planTopics } from './plan-topics.ts'
import type { Finding, TopicPlan } from './plan-types.ts'
import { readTargetDefaults } from './read-configs.ts'
import { readOffsets } from './read-offsets.ts'

export interface DiscoveryInput {
  readonly job: PlanJob
  readonly source: ClusterAdmin
  readonly target: ClusterAdmin
  /** Number of partitions of each source topic that is mirrored now. */
  readonly known: ReadonlyMap<string, number>
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface Discovery {
  /**
   * Topics that match now and are not mirrored yet, and topics that have grown: what to do on the target before they
   * are read. `partitions` has only the new ones.
   */
  readonly topics: readonly TopicPlan[]
  /** Mirrored topics that the source no longer has. */
  readonly gone: readonly string[]
  /** Each names the topic that must not be read while it stands, except where it is about names as a whole. */
  readonly refusals: readonly Finding[]
  readonly warnings: readonly Finding[]
}

/**
 * Looks for source topics and partitions that came since the plan was made. They are new to the group, so they are
 * read from their first record whatever the start of the job. While nothing has changed this is one request.
 */
export async function discoverTopics({ job, source, target, known, now }: DiscoveryInput): Promise<Discovery> {
  const selection = topicSelection(job.topics)
  const sourceTopics = await listVisibleTopics(source)
  const gone = [...known.keys()].filter((topic) => !sourceTopics.has(topic))
  const changed = [...sourceTopics.keys()].filter((topic) => {
    const before = known.get(topic)
    return before === undefined ? selection.includes(topic) : (sourceTopics.get(topic) ?? 0) > before
  })
  if (changed.length === 0) return { topics: [], gone, refusals: [], warnings: [] }

  const findings = new FindingList()
  const stillThere = [...known.keys()].filter((topic) => sourceTopics.has(topic))
  const mapping = withSameTargets(mapTopics([...stillThere, ...changed], job.topics), new Set(changed))
  const targetTopics = await listVisibleTopics(target)
  const [sourceCluster, targetCluster] = await Promise.all([source.describeCluster(), target.describeCluster()])
  findInMapping(mapping, job.partitions, targetTopics.keys(), findings)
  findLoops(mapping, selection, [sourceCluster, targetCluster], findings)

  const wanted = changed.flatMap((topic) => {
    const first = known.get(topic) ?? 0
    const count = (sourceTopics.get(topic) ?? 0) - first
    return Array.from({ length: count }, (_, i) => ({ topic, partition: first + i }))
  })
  const { start, stop } = job
  const offsets = await readOffsets(source, wanted, { groupId: job.source.groupId, start, stop, now })
  const partitions = planPartitions(offsets, { job, progress: 'resume', now }, findings)
  const defaults = await readTargetDefaults(target, targetCluster.brokers[0]?.id, findings)
  const targetBrokers = targetCluster.brokers.length
  const { topics } = await planTopics(
    { job, source, target, mapping, sourceTopics, targetTopics, targetBrokers, defaults, partitions, now },
    findings
  )
  const { refusals, warnings } = findings
  return { topics: topics.filter((topic) => changed.includes(topic.source)), gone, refusals, warnings }
}

/** The changed topics and those that share a target with one of them: a target needs room for all its sources. */
function withSameTargets(mapping: TopicMapping, changed: ReadonlySet<string>): TopicMapping {
  const targets = new Set(mapping.topics.filter(({ source }) => changed.has(source)).map(({ target }) => target))
  return {
    topics: mapping.topics.filter(({ target }) => targets.has(target)),
    merged: mapping.merged.filter(({ target }) => targets.has(target)),
    lookalikes: mapping.lookalikes.filter((names) => names.some((name) => targets.has(name)))
  }
}
