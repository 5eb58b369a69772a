import type { ClusterAdmin } from '../client/types.ts'
import { groupBy } from '../mapping/group-by.ts'
import type { MappedTopic, TopicMapping } from '../mapping/map-topics.ts'
import { policyOf } from './dead-letter-topic.ts'
import type { FindingList } from './finding-list.ts'
import type { PlanJob } from './plan-job.ts'
import type { PartitionPlan, TopicPlan } from './plan-types.ts'
import { planTarget, type TargetPlan, type TargetRules } from './plan-target.ts'
import { readTopicConfigs, type TargetDefaults } from './read-configs.ts'
import { recordAges } from './record-ages.ts'
import { harmFindings, targetHarm, type RecordAges } from './target-harm.ts'
import { topicLimits, type TopicConfigs, type TopicLimits } from './topic-configs.ts'

export interface TopicsQuestion {
  readonly job: Pick<PlanJob, 'topics' | 'partitions' | 'target' | 'onBadRecord'>
  readonly source: ClusterAdmin
  readonly target: ClusterAdmin
  readonly mapping: TopicMapping
  /** Number of partitions by topic. */
  readonly sourceTopics: ReadonlyMap<string, number>
  readonly targetTopics: ReadonlyMap<string, number>
  readonly targetBrokers: number
  readonly defaults: TargetDefaults
  /** What will be read of each source topic. */
  readonly partitions: ReadonlyMap<string, readonly PartitionPlan[]>
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface PlannedTopics {
  readonly topics: readonly TopicPlan[]
  /** The largest `max.message.bytes` that a source topic has, if any could be read. */
  readonly largestMessage: number | undefined
  /** The smallest `max.message.bytes` that a target topic has or will have, if any could be read. */
  readonly smallestTargetLimit: number | undefined
}

/** What each topic needs on the target, and what its target would do to its records. */
export async function planTopics(question: TopicsQuestion, findings: FindingList): Promise<PlannedTopics> {
  const { job, source, target, mapping, targetTopics, defaults } = question
  const sourceConfigs = await readTopicConfigs(
    source,
    mapping.topics.map((topic) => topic.source),
    findings
  )
  const byTarget = groupBy(mapping.topics, (topic) => topic.target)
  const present = [...byTarget.keys()].filter((name) => targetTopics.has(name))
  const targetConfigs = await readTopicConfigs(target, present, findings)

  const rules: TargetRules = {
    policy: job.partitions,
    create: job.topics.create,
    defaults: defaults.configs,
    defaultReplicationFactor: defaults.replicationFactor,
    brokers: question.targetBrokers
  }
  const targets = new Map<string, TargetPlan>()
  for (const [name, sources] of byTarget) {
    targets.set(name, planTarget(targetQuestion(name, sources, question, sourceConfigs), rules, findings))
  }
  const limits = new Map<string, TopicLimits>()
  for (const [name, plan] of targets) {
    const configs = effectiveConfigs(targetConfigs.get(name), plan, defaults.configs)
    if (configs !== undefined) limits.set(name, topicLimits(configs))
  }
  await findHarm(question, sourceConfigs, targets, limits, findings)
  return {
    topics: mapping.topics.map((topic) => topicPlan(topic, question, targets)),
    largestMessage: largest(sourceConfigs),
    smallestTargetLimit: smallest(limits.values())
  }
}

function targetQuestion(
  target: string,
  sources: readonly MappedTopic[],
  { sourceTopics, targetTopics }: TopicsQuestion,
  sourceConfigs: ReadonlyMap<string, TopicConfigs>
) {
  return {
    target,
    sources: sources.map(({ source }) => source),
    sourcePartitions: Math.max(...sources.map(({ source }) => sourceTopics.get(source) ?? 1)),
    sourceConfigs: sources.flatMap(({ source }) => sourceConfigs.get(source) ?? []),
    partitionsNow: targetTopics.get(target) ?? 0
  }
}

/** What the target topic has, or will have once it is created; undefined = not known. */
function effectiveConfigs(
  existing: TopicConfigs | undefined,
  plan: TargetPlan,
  defaults: TopicConfigs | undefined
): TopicConfigs | undefined {
  if (plan.action !== 'create') return existing
  return defaults === undefined ? undefined : new Map([...defaults, ...Object.entries(plan.configs)])
}

async function findHarm(
  { job, source, mapping, partitions, now }: TopicsQuestion,
  sourceConfigs: ReadonlyMap<string, TopicConfigs>,
  targets: ReadonlyMap<string, TargetPlan>,
  limits: ReadonlyMap<string, TopicLimits>,
  findings: FindingList
): Promise<void> {
  const questions = mapping.topics.flatMap((topic) => {
    const target = limits.get(topic.target)
    return target === undefined
      ? []
      : [{ source: topic.source, name: topic.target, partitions: partitions.get(topic.source) ?? [], target }]
  })
  const ages = await recordAges(source, questions, now)
  for (const { source: topic, name, target } of questions) {
    const age = ages.get(topic) ?? NO_AGES
    const configs = sourceConfigs.get(topic)
    // Of a source whose configuration can't be read, nothing is known that a target could fall short of.
    const harm = targetHarm(configs === undefined ? target : topicLimits(configs), target, age)
    for (const { kind, finding } of harmFindings(topic, name, harm)) {
      // A topic that we create is as topics.create.configs says: somebody has chosen that.
      const isChosen = targets.get(name)?.action === 'create' || job.target.accept.includes(kind)
      const policy = kind === 'reject' ? policyOf(job, topic) : 'stop'
      if (policy !== 'stop') findings.warn({ ...finding, next: `${WHAT_HAPPENS[policy]}. ${finding.next}` })
      else if (isChosen) findings.warn(finding)
      else findings.refuse(finding)
    }
    if (harm.delete.length === 0 && age.someExpired.length > 0) findings.warn(oldRecords(topic, name, target, age))
  }
}

const WHAT_HAPPENS = {
  'dead-letter': 'Such records become dead letters, as onBadRecord says',
  skip: 'Such records are skipped, as onBadRecord says'
}

function oldRecords(topic: string, target: string, limits: TopicLimits, ages: RecordAges) {
  return {
    code: 'MR_OLD_RECORDS',
    topic,
    message:
      `Partition ${ages.someExpired.join(', ')} of ${topic} has records older than the retention.ms of ${target}, ` +
      `${limits.retentionMs}: the target may delete them soon after they arrive, as the source may.`,
    next: `To keep them, raise retention.ms of ${target}, or set it in topics.create.configs.`
  }
}

const NO_AGES: RecordAges = { allExpired: [], someExpired: [], tooFarBack: [] }

function topicPlan(
  { source, target }: MappedTopic,
  { job, sourceTopics, partitions }: TopicsQuestion,
  targets: ReadonlyMap<string, TargetPlan>
): TopicPlan {
  const plan = targets.get(target)
  if (plan === undefined) throw new Error(`no plan for target topic ${target}`)
  return {
    source,
    target,
    sourcePartitions: sourceTopics.get(source) ?? 0,
    ...plan,
    orderKept: job.partitions !== 'sticky',
    partitions: partitions.get(source) ?? []
  }
}

function largest(configs: ReadonlyMap<string, TopicConfigs>): number | undefined {
  const sizes = [...configs.values()].map((topic) => topicLimits(topic).maxMessageBytes).filter(Number.isFinite)
  return sizes.length === 0 ? undefined : Math.max(...sizes)
}

function smallest(limits: Iterable<TopicLimits>): number | undefined {
  const sizes = [...limits].map((topic) => topic.maxMessageBytes).filter(Number.isFinite)
  return sizes.length === 0 ? undefined : Math.min(...sizes)
}
