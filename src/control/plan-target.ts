import type { PartitionPolicy } from '../model/policies.ts'
import { newTopicConfigs } from './new-topic-configs.ts'
import type { FindingList } from './finding-list.ts'
import type { CreateRules } from './plan-job.ts'
import type { TopicPlan } from './plan-types.ts'
import type { TopicConfigs } from './topic-configs.ts'

/** Partitions of a new topic when nothing asks for as many as the source has. */
const PARTITIONS_BY_DEFAULT = 3

export interface TargetQuestion {
  readonly target: string
  readonly sources: readonly string[]
  /** The largest number of partitions among the sources. */
  readonly sourcePartitions: number
  /** Effective configurations of the sources, as far as they can be read. */
  readonly sourceConfigs: readonly TopicConfigs[]
  /** 0 = there is no such topic yet. */
  readonly partitionsNow: number
}

export interface TargetRules {
  readonly policy: PartitionPolicy
  readonly create: CreateRules
  /** What a topic gets on the target by itself; undefined when the target does not tell. */
  readonly defaults: TopicConfigs | undefined
  /** default.replication.factor of the target; undefined when it does not tell. */
  readonly defaultReplicationFactor: number | undefined
  readonly brokers: number
}

export type TargetPlan = Pick<
  TopicPlan,
  'targetPartitionsNow' | 'targetPartitions' | 'action' | 'replicationFactor' | 'configs'
>

/** What has to be done so that a target topic can take the records of its sources. */
export function planTarget(question: TargetQuestion, rules: TargetRules, findings: FindingList): TargetPlan {
  return question.partitionsNow === 0 ? planCreation(question, rules, findings) : planGrowth(question, rules, findings)
}

function planCreation(question: TargetQuestion, rules: TargetRules, findings: FindingList): TargetPlan {
  const { target, sourcePartitions, sourceConfigs } = question
  const { create, brokers } = rules
  const partitions = wantedPartitions(sourcePartitions, rules)
  if (rules.policy === 'same' && partitions < sourcePartitions) {
    findings.refuse({
      code: 'MR_TOO_FEW_PARTITIONS',
      ...about(question),
      message: `topics.create.partitions gives ${target} ${partitions} partitions, partitions: same needs ${sourcePartitions}.`,
      next: 'Set topics.create.partitions to auto or a larger number, or partitions to zero or sticky.'
    })
  }
  if (create.replicationFactor > brokers) {
    findings.refuse({
      code: 'MR_REPLICATION_FACTOR',
      ...about(question),
      message: `topics.create.replicationFactor is ${create.replicationFactor}, the target has ${brokers} brokers.`,
      next: `Set topics.create.replicationFactor to ${brokers} or less, or to -1 for the target's default.`
    })
  }
  const replicas = create.replicationFactor > 0 ? create.replicationFactor : (rules.defaultReplicationFactor ?? 1)
  return {
    targetPartitionsNow: 0,
    targetPartitions: partitions,
    action: 'create',
    replicationFactor: create.replicationFactor,
    configs: newTopicConfigs(sourceConfigs, { defaults: rules.defaults, replicas, configs: create.configs })
  }
}

function planGrowth(question: TargetQuestion, { policy, create }: TargetRules, findings: FindingList): TargetPlan {
  const { target, partitionsNow, sourcePartitions } = question
  const needed = policy === 'same' ? sourcePartitions : 1
  const plan = { targetPartitionsNow: partitionsNow, replicationFactor: -1, configs: {} }
  if (partitionsNow >= needed) return { ...plan, targetPartitions: partitionsNow, action: 'none' }
  if (!create.grow) {
    findings.refuse({
      code: 'MR_TARGET_TOO_FEW_PARTITIONS',
      ...about(question),
      message: `Target topic ${target} has ${partitionsNow} partitions, partitions: same needs ${needed}.`,
      next: `Grow ${target}, set topics.create.grow to true, or partitions to zero or sticky.`
    })
    return { ...plan, targetPartitions: partitionsNow, action: 'none' }
  }
  return { ...plan, targetPartitions: needed, action: 'grow' }
}

function wantedPartitions(sourcePartitions: number, { policy, create }: TargetRules): number {
  if (typeof create.partitions === 'number') return create.partitions
  return create.partitions === 'source' || policy === 'same' ? sourcePartitions : PARTITIONS_BY_DEFAULT
}

/** A finding about a target belongs to the first of its sources. */
function about({ sources }: TargetQuestion): { readonly topic?: string } {
  const topic = sources[0]
  return topic === undefined ? {} : { topic }
}
