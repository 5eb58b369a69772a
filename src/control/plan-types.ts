import type { Loss } from '../model/loss.ts'
import type { PartitionPolicy } from '../model/policies.ts'

/** Something a plan found. Codes are stable and documented in docs/errors.md. */
export interface Finding {
  readonly code: string
  readonly message: string
  readonly next: string
  readonly topic?: string
  readonly partition?: number
}

export interface PartitionPlan {
  readonly partition: number
  readonly logStart: number
  /** As a read_committed reader sees it. */
  readonly end: number
  /** The group's committed offset. */
  readonly committed: number | undefined
  /** Where copying begins. */
  readonly start: number
  readonly startReason: 'committed' | 'earliest' | 'latest' | 'timestamp' | 'offsets' | 'new partition'
  /** First offset that is not copied; undefined = no bound, or a time that has not come yet. */
  readonly stop: number | undefined
  /** Offsets between start and stop (or end): an upper bound, holes count too. */
  readonly records: number
  /** What was lost since the commit; if that stops the partition, nothing of it is copied. */
  readonly loss?: Loss
}

export interface TopicPlan {
  readonly source: string
  readonly target: string
  readonly sourcePartitions: number
  /** 0 = there is none yet. */
  readonly targetPartitionsNow: number
  /** What there will be. */
  readonly targetPartitions: number
  readonly action: 'none' | 'create' | 'grow'
  /** Only for `create`; -1 = the broker's default. */
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
  readonly orderKept: boolean
  readonly partitions: readonly PartitionPlan[]
}

/** The topic of the target for dead letters. */
export interface DeadLetterPlan {
  readonly topic: string
  readonly action: 'none' | 'create'
  /** Only for `create`. */
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/** How `limits.memory` is spent, in bytes. */
export interface MemoryDivision {
  readonly total: number
  readonly supervisor: number
  readonly workers: number
  /** Each worker: */
  readonly workerBase: number
  readonly consumerQueue: number
  /** One response of each source broker. */
  readonly fetchBuffers: number
  readonly inFlight: number
  readonly producerOverhead: number
}

export interface Plan {
  readonly job: string
  readonly policy: PartitionPolicy
  readonly source: { readonly clusterId: string; readonly brokers: number; readonly groupId: string }
  readonly target: { readonly clusterId: string; readonly brokers: number }
  /** `fresh`: the group has no commits, the start policy holds. `resume`: it goes on where it was. `reset`: asked for. */
  readonly progress: 'fresh' | 'resume' | 'reset'
  readonly topics: readonly TopicPlan[]
  /** Absent = no dead letters are written to a topic. */
  readonly deadLetter?: DeadLetterPlan
  readonly memory: MemoryDivision
  /**
   * `batch.size` of the producers in bytes: at most what every target topic takes in one batch, because a batch over
   * `max.message.bytes` fails as a whole, however small its records.
   */
  readonly producerBatchBytes: number
  /** Any of these and nothing is started: exit 4. */
  readonly refusals: readonly Finding[]
  readonly warnings: readonly Finding[]
}
