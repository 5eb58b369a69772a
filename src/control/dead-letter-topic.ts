import type { ClusterAdmin } from '../client/types.ts'
import type { BadRecordPolicy } from '../model/audit-entry.ts'
import { createTopics } from './create-topics.ts'
import { newTopicConfigs } from './new-topic-configs.ts'
import type { FindingList } from './finding-list.ts'
import type { PlanJob } from './plan-job.ts'
import type { DeadLetterPlan } from './plan-types.ts'
import { readTopicConfigs, type TargetDefaults } from './read-configs.ts'
import { LARGEST_MESSAGE_BY_DEFAULT, topicLimits } from './topic-configs.ts'

/** What our headers may add to a record. */
const HEADERS_BYTES = 4096

export function policyOf(
  { onBadRecord, topics }: Pick<PlanJob, 'onBadRecord' | 'topics'>,
  topic: string
): BadRecordPolicy {
  return topics.settings[topic]?.onBadRecord ?? onBadRecord ?? 'stop'
}

export interface DeadLetterQuestion {
  readonly job: Pick<PlanJob, 'onBadRecord' | 'deadLetter' | 'topics'>
  readonly target: ClusterAdmin
  readonly targetTopics: ReadonlyMap<string, number>
  /** Target topics of the copy. */
  readonly copied: ReadonlySet<string>
  readonly defaults: TargetDefaults
  /** The largest `max.message.bytes` of the sources; undefined = not known. */
  readonly largestMessage: number | undefined
}

/**
 * A topic for dead letters takes the largest record that a source has and keeps what it has. Undefined = the job
 * writes none there.
 */
export async function planDeadLetterTopic(
  { job, target, targetTopics, copied, defaults, largestMessage }: DeadLetterQuestion,
  findings: FindingList
): Promise<DeadLetterPlan | undefined> {
  const policies = [job.onBadRecord, ...Object.values(job.topics.settings).map(({ onBadRecord }) => onBadRecord)]
  const { deadLetter } = job
  if (deadLetter === undefined || !('topic' in deadLetter) || !policies.includes('dead-letter')) return undefined
  const { topic } = deadLetter
  if (copied.has(topic)) {
    findings.refuse({
      code: 'MR_DEAD_LETTER_TOPIC',
      message: `The dead-letter topic ${topic} is a target topic of this copy, too.`,
      next: 'Name another topic in deadLetter.topic, or a file in deadLetter.file.'
    })
  }
  const needed = Math.max(LARGEST_MESSAGE_BY_DEFAULT, largestMessage ?? 0) + HEADERS_BYTES
  if (!targetTopics.has(topic)) {
    const source = new Map([
      ['cleanup.policy', 'delete'],
      ['retention.ms', '-1'],
      ['retention.bytes', '-1'],
      ['max.message.bytes', String(needed)]
    ])
    return {
      topic,
      action: 'create',
      replicationFactor: job.topics.create.replicationFactor,
      configs: newTopicConfigs([source], { defaults: defaults.configs, replicas: 1, configs: {} })
    }
  }
  const configs = (await readTopicConfigs(target, [topic], findings)).get(topic)
  if (configs !== undefined) findShortcomings(topic, topicLimits(configs), needed, findings)
  return { topic, action: 'none', replicationFactor: -1, configs: {} }
}

function findShortcomings(
  topic: string,
  limits: ReturnType<typeof topicLimits>,
  needed: number,
  findings: FindingList
): void {
  const problems = [
    ...(limits.maxMessageBytes < needed
      ? [`takes ${limits.maxMessageBytes} bytes a record, the sources may have ${needed - HEADERS_BYTES}`]
      : []),
    ...(limits.compacts ? ['is compacted'] : []),
    ...(limits.restamps ? ['changes timestamps'] : []),
    ...(!limits.restamps && Number.isFinite(limits.beforeMs) ? ['refuses old timestamps'] : []),
    ...(!limits.restamps && Number.isFinite(limits.afterMs) ? ['refuses timestamps ahead of its clock'] : [])
  ]
  if (problems.length === 0) return
  findings.warn({
    code: 'MR_DEAD_LETTER_LIMITS',
    message: `The dead-letter topic ${topic} ${problems.join(', ')}.`,
    next: `Change the configuration of ${topic}, or name another topic in deadLetter.topic. A dead letter that it refuses stops its partition.`
  })
}

/** Creates the topic as planned, and resolves when the target shows it. Returns whether it was created. */
export async function createDeadLetterTopic(target: ClusterAdmin, plan: DeadLetterPlan): Promise<boolean> {
  const { topic, action, replicationFactor, configs } = plan
  const wanted = { target: topic, targetPartitions: 1, action, replicationFactor, configs }
  return (await createTopics(target, [wanted])).length > 0
}
