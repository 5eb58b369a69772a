import type { BatchConsumer, BatchProducer, ClusterAdmin } from '../../src/client/types.ts'

/** Names and values, in order, of each record. */
export type TextHeaders = readonly (readonly [string, string])[]

/** A cluster and its clients, as one implementation of the ports has them. */
export interface ContractCluster {
  /** A topic of at least `partitions` partitions. */
  createTopic(topic: string, partitions: number): Promise<void>
  /** Writes values to the end of a partition, not through the ports. */
  append(topic: string, partition: number, values: readonly string[], headers?: TextHeaders): Promise<void>
  /** The values of a partition in order, not through the ports. */
  read(topic: string, partition: number): Promise<string[]>
  consumer(groupId: string): Promise<BatchConsumer>
  producer(): Promise<BatchProducer>
  /** Only a group's own administration client may read and set its offsets. */
  admin(groupId?: string): Promise<ClusterAdmin>
  stop(): Promise<void>
}

export interface ContractImplementation {
  readonly name: 'in memory' | 'librdkafka, mock cluster' | 'librdkafka, Kafka 3.9.1'
  /** The mock cluster creates no topics on request, knows no times and no configurations. */
  readonly isFullBroker: boolean
  /** Why it can't run here. */
  readonly unavailable: string | undefined
  start(): Promise<ContractCluster>
}
