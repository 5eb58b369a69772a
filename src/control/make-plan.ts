import type { ClusterAdmin } from '../client/types.ts'
import { mapTopics } from '../mapping/map-topics.ts'
import { topicSelection } from '../mapping/topic-selection.ts'
import { addTargetLosses } from './add-target-losses.ts'
import { chooseTopics } from './choose-topics.ts'
import { planDeadLetterTopic } from './dead-letter-topic.ts'
import { type MemoryQuestion, divideMemory } from './divide-memory.ts'
import { FindingList } from './finding-list.ts'
import { findInMapping, findLoops, findUnusedOverrides } from './mapping-findings.ts'
import { listVisibleTopics } from './list-visible-topics.ts'
import type { PlanJob } from './plan-job.ts'
import { findLosses, onLossOf, planPartitions } from './plan-partitions.ts'
import { findResetEffect, planProgress } from './plan-progress.ts'
import { planTopics } from './plan-topics.ts'
import type { Plan } from './plan-types.ts'
import { readTargetDefaults } from './read-configs.ts'
import { readOffsets } from './read-offsets.ts'
import { LARGEST_MESSAGE_BY_DEFAULT } from './topic-configs.ts'

/** librdkafka's default of `batch.size`; a larger one gives nothing more. */
const LARGEST_BATCH = 1_000_000

export interface PlanInput {
  readonly job: PlanJob
  readonly source: ClusterAdmin
  readonly target: ClusterAdmin
  /** `--reset`: committed offsets don't count. */
  readonly reset: boolean
  /** This job has committed to this group before (the mark in its state). */
  readonly hasRun: boolean
  /** Which processes will export metrics or traces; undefined = none. */
  readonly exporting?: MemoryQuestion['exporting']
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * What a job would do, as far as it can be known beforehand. Reads both clusters and changes nothing. What speaks
 * against the job is in `refusals`; it rejects only where a cluster does not answer, and for a pattern that can't be read.
 */
export async function makePlan({ job, source, target, reset, hasRun, exporting, now }: PlanInput): Promise<Plan> {
  const findings = new FindingList()
  const selection = topicSelection(job.topics)
  const [sourceCluster, targetCluster] = await Promise.all([source.describeCluster(), target.describeCluster()])
  const [sourceTopics, targetTopics] = await Promise.all([listVisibleTopics(source), listVisibleTopics(target)])

  const chosen = await chooseTopics(selection, source, sourceTopics, job.stop.at === 'never', findings)
  const mapping = mapTopics(chosen, job.topics)
  findInMapping(mapping, job.partitions, targetTopics.keys(), findings)
  findUnusedOverrides(job.topics.overrides, mapping, findings)
  findLoops(mapping, selection, [sourceCluster, targetCluster], findings)

  const wanted = chosen.flatMap((topic) =>
    Array.from({ length: sourceTopics.get(topic) ?? 0 }, (_, partition) => ({ topic, partition }))
  )
  const { start, stop } = job
  findUnknownStarts(job, sourceTopics, new Set(chosen), findings)
  const offsets = await readOffsets(source, wanted, { groupId: job.source.groupId, start, stop, now })
  const progress = await planProgress({ job, offsets, sourceTopics, reset, hasRun }, source, findings)
  const partitions = planPartitions(offsets, { job, progress, now }, findings)

  const defaults = await readTargetDefaults(target, targetCluster.brokers[0]?.id, findings)
  const targetBrokers = targetCluster.brokers.length
  const question = {
    job,
    source,
    target,
    mapping,
    sourceTopics,
    targetTopics,
    targetBrokers,
    defaults,
    partitions,
    now
  }
  const { topics: planned, largestMessage, smallestTargetLimit } = await planTopics(question, findings)
  const policyOf = (topic: string) => onLossOf(job, topic)
  const topics =
    progress === 'resume'
      ? await addTargetLosses(target, { topics: planned, offsets, partitions: job.partitions, policyOf })
      : planned
  findLosses(topics, findings)
  if (progress === 'reset') findResetEffect(topics, findings)

  const copied = new Set(topics.map((topic) => topic.target))
  const letters = { job, target, targetTopics, copied, defaults, largestMessage }
  const deadLetter = await planDeadLetterTopic(letters, findings)

  const memory = divideMemory(
    {
      total: job.limits.memory,
      workers: job.workers === 'auto' ? 1 : job.workers,
      sourceBrokers: sourceCluster.brokers.length,
      partitions: topics.reduce((sum, topic) => sum + topic.sourcePartitions, 0),
      largestMessage: largestMessage ?? LARGEST_MESSAGE_BY_DEFAULT,
      fetchMaxBytes: numberOf(job, 'fetch.max.bytes', 1),
      exporting,
      queuedMaxBytes: numberOf(job, 'queued.max.messages.kbytes', 1024)
    },
    findings
  )
  return {
    job: job.name,
    policy: job.partitions,
    source: { clusterId: sourceCluster.clusterId, brokers: sourceCluster.brokers.length, groupId: job.source.groupId },
    target: { clusterId: targetCluster.clusterId, brokers: targetBrokers },
    progress,
    topics,
    ...(deadLetter !== undefined && { deadLetter }),
    memory,
    producerBatchBytes: Math.min(LARGEST_BATCH, smallestTargetLimit ?? LARGEST_MESSAGE_BY_DEFAULT),
    refusals: findings.refusals,
    warnings: findings.warnings
  }
}

/** Start offsets for what is not there or not mirrored: a mistyped name would silently start somewhere else. */
function findUnknownStarts(
  { start }: PlanJob,
  sourceTopics: ReadonlyMap<string, number>,
  chosen: ReadonlySet<string>,
  findings: FindingList
): void {
  if (start.from !== 'offsets') return
  for (const [topic, offsets] of Object.entries(start.offsets)) {
    const count = chosen.has(topic) ? (sourceTopics.get(topic) ?? 0) : 0
    const unknown = Object.keys(offsets).filter((partition) => Number(partition) >= count)
    if (unknown.length === 0) continue
    findings.refuse({
      code: 'MR_START_OFFSET_UNKNOWN',
      topic,
      message: chosen.has(topic)
        ? `start.offsets names partition ${unknown.join(', ')} of ${topic}, which has partitions 0 to ${count - 1}.`
        : `start.offsets names ${topic}, which is not among the topics to mirror.`,
      next: 'Correct start.offsets.'
    })
  }
}

function numberOf(job: PlanJob, property: string, unit: number): number | undefined {
  const value = Object.hasOwn(job.source.properties, property) ? Number(job.source.properties[property]) : Number.NaN
  return Number.isFinite(value) && value > 0 ? value * unit : undefined
}
