import type { PartitionPlan, TopicPlan } from '../../src/control/plan-types.ts'
import type { PartitionStatus } from '../../src/pipeline/types.ts'

export function statusOf(partition: number, changes: Partial<PartitionStatus> = {}): PartitionStatus {
  return {
    topic: 'orders',
    partition,
    target: 'dr.orders',
    state: 'copying',
    from: 0,
    checkpoint: 0,
    committed: 0,
    position: 0,
    readRecords: 0,
    readBytes: 0,
    records: 0,
    bytes: 0,
    altered: 0,
    deadLettered: 0,
    skipped: 0,
    ...changes
  }
}

export function topicPlan(source: string, partitions: number, changes: Partial<TopicPlan> = {}): TopicPlan {
  const partitionPlan = (partition: number): PartitionPlan => ({
    partition,
    logStart: 0,
    end: 10,
    committed: undefined,
    start: 0,
    startReason: 'earliest',
    stop: 10 + partition,
    records: 10
  })
  return {
    source,
    target: source,
    sourcePartitions: partitions,
    targetPartitionsNow: partitions,
    targetPartitions: partitions,
    action: 'none',
    replicationFactor: -1,
    configs: {},
    orderKept: true,
    partitions: Array.from({ length: partitions }, (_, partition) => partitionPlan(partition)),
    ...changes
  }
}
