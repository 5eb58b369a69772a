import type { Observable } from 'rxjs'
import type { BatchPayload, RecordView } from '../model/batch.ts'
import type { Settlement } from '../model/settlement.ts'
import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'

export type { ClusterSettings } from './settings.ts'

/*
 * The ports: what the stages know of a Kafka client. One contract suite (test/contract) runs against every
 * implementation. Nothing here says librdkafka, so that a second engine can stand behind the same ports.
 */

/** Something a client noticed outside any call. Errors that belong to a call reject that call instead. */
export type ClientEvent =
  | {
      readonly type: 'error'
      readonly code: number
      readonly name: string
      readonly text: string
      /** The client is of no further use: make it anew. */
      readonly fatal: boolean
      /** The broker refused the credentials: never try again by itself. */
      readonly authentication: boolean
    }
  | { readonly type: 'log'; readonly severity: number; readonly facility: string; readonly text: string }
  /** librdkafka's statistics document, if `statistics.interval.ms` is set. */
  | { readonly type: 'statistics'; readonly json: string }
  /** Of administration: a client did not end when it was closed, and is there until the process ends. */
  | { readonly type: 'left-behind' }

/** Consecutive records of one partition as they came from the broker. */
export interface Fetched extends TopicPartition {
  readonly leaderEpoch: number
  readonly payload: BatchPayload
}

/** The reader has seen everything up to `offset` (the next offset to be written, control records included). */
export type EndOfPartition = PartitionOffset

export interface PartitionError extends TopicPartition {
  /** -1 = unknown. */
  readonly offset: number
  readonly code: number
  readonly name: string
  readonly text: string
  /** The client goes on by itself; nothing is needed but patience. */
  readonly retriable: boolean
}

export interface Poll {
  /** In the order of each partition; several entries of one partition are possible. */
  readonly fetched: readonly Fetched[]
  readonly ends: readonly EndOfPartition[]
  readonly errors: readonly PartitionError[]
}

/** What is left of consecutive records of one partition once they were hashed: nothing else of them reaches JavaScript. */
export interface Digests extends TopicPartition {
  /** Keys and values; headers and overhead are not in it. */
  readonly bytes: number
  /** [first offset, count] one after the other, in order: the offsets of the records, holes left out. */
  readonly spans: Float64Array
  /**
   * Four words a record: 128 bits over key, value, headers in order and, if asked for, the timestamp. Null and empty
   * differ. They compare only with those of the same kind of client.
   */
  readonly words: Uint32Array
  /**
   * If asked for, four words a record over the key alone, else empty. The lowest bit of the first word is set where the
   * value is null.
   */
  readonly keys: Uint32Array
}

/** What of a record goes into its digest. */
export interface DigestParts {
  readonly timestamps: boolean
  /** Digests of the keys beside those of the records. */
  readonly keys: boolean
}

export interface DigestPoll {
  /** In the order of each partition; several entries of one partition are possible. */
  readonly digests: readonly Digests[]
  readonly ends: readonly EndOfPartition[]
  readonly errors: readonly PartitionError[]
}

export interface Rebalance {
  readonly type: 'assign' | 'revoke'
  readonly partitions: readonly TopicPartition[]
  /** The partitions are gone already (session time-out): commits for them will fail. */
  readonly lost: boolean
}

export interface CommitOffset extends PartitionOffset {
  readonly leaderEpoch?: number
  readonly metadata?: string
}

export interface CommitResult extends PartitionOffset {
  /** 0 = committed. */
  readonly code: number
  readonly name: string
}

/**
 * A member of the source group. It reads only what was assigned with an explicit offset; it never commits or resets by
 * itself. Calls after `close()` reject with MR_CLIENT_CLOSED.
 */
export interface BatchConsumer {
  readonly events: Observable<ClientEvent>
  /**
   * Rebalances of the group. The group waits until each is answered with `assign` or `unassign` of the same
   * partitions, however long that takes (max.poll.interval.ms, as long as `poll` goes on being called).
   */
  readonly rebalances: Observable<Rebalance>
  /**
   * Waits up to `timeoutMs` for the first record, then takes what is there without waiting, about `maxBytes` of it.
   * Serves the group protocol and events, so it must be called at least every few seconds, paused or not.
   * One call at a time.
   */
  poll(maxBytes: number, timeoutMs: number): Promise<Poll>
  /** Like `poll`, but the records are hashed and freed beside the main thread: nothing is held. */
  digest(maxBytes: number, timeoutMs: number, parts: DigestParts): Promise<DigestPoll>
  /** Joins the group for exactly these topics; replaces the list of an earlier call. */
  subscribe(topics: readonly string[]): void
  /** Leaves the subscription; the assigned partitions are revoked through `rebalances`. */
  unsubscribe(): void
  /** Adds partitions, each to be read from its offset. */
  assign(positions: readonly PartitionOffset[]): void
  unassign(partitions: readonly TopicPartition[]): void
  /** Stops fetching; what was fetched ahead is dropped and read again after `resume`. */
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** Polls *begun* after it resolved return only records from the new offset on. */
  seek(position: PartitionOffset, timeoutMs: number): Promise<void>
  /** Resolves with one result a partition; rejects only when nothing could be sent. */
  commit(offsets: readonly CommitOffset[]): Promise<readonly CommitResult[]>
  /** Records handed out by `poll` that were neither sent nor released. */
  heldRecords(): number
  /** Leaves the group and frees the client. Rejects with MR_RECORDS_HELD while `heldRecords()` is not 0. */
  close(): Promise<void>
}

export interface SendTarget extends TopicPartition {
  /** Names the order to keep: sends of one lane that follow a failed one are answered `blocked` until `unblock`. */
  readonly lane: number
}

/** A producer with acks=all, idempotence and no message time-out: it delivers, or says why it never will. */
export interface BatchProducer {
  readonly events: Observable<ClientEvent>
  /**
   * Takes the records and resolves when each has been delivered or has failed. Records reach the target partition in
   * the order of the calls. Never rejects for what happens to records: that is in the settlement.
   */
  send(payload: BatchPayload, target: SendTarget): Promise<Settlement>
  /** As `send`, of one record that is in JavaScript already; its offset names it in the settlement. */
  sendRecord(record: RecordView, target: SendTarget): Promise<Settlement>
  /** Lets a lane send again after a failure. */
  unblock(lane: number): void
  /** Learns the partitions of these topics now, so that sends to them don't fail or wait. Returns the counts. */
  refresh(topics: readonly string[], timeoutMs: number): Promise<ReadonlyMap<string, number>>
  /** Records sent and not yet reported. */
  outstandingRecords(): number
  /**
   * Waits up to `drainTimeoutMs` for reports, then gives up what is left (reported `purged`; may still arrive at the
   * target), and frees the client.
   */
  close(drainTimeoutMs: number): Promise<void>
}

export interface BrokerDescription {
  readonly id: number
  readonly host: string
  readonly port: number
}

export interface ClusterDescription {
  readonly clusterId: string
  readonly controllerId: number
  readonly brokers: readonly BrokerDescription[]
}

export interface TopicDescription {
  readonly topic: string
  /** Base64 of the topic id, undefined before Kafka 2.8. */
  readonly topicId: string | undefined
  readonly internal: boolean
  /** Partition i is at index i. */
  readonly partitions: readonly {
    readonly leader: number
    readonly replicas: number
    readonly inSyncReplicas: number
  }[]
}

/** `missing`: no such topic. `unauthorized`: it can't be seen. Else the description. */
export type TopicLookup =
  | { readonly found: true; readonly description: TopicDescription }
  | { readonly found: false; readonly reason: 'missing' | 'unauthorized' | 'error'; readonly text: string }

export interface ConfigEntry {
  readonly value: string | null
  /** Neither set on the topic nor anywhere else: what Kafka ships. */
  readonly isDefault: boolean
  /** Set on the topic itself. */
  readonly isTopicOverride: boolean
}

export interface NewTopic {
  readonly topic: string
  readonly partitions: number
  /** -1 = the broker's default. */
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/**
 * Which offset of a partition is asked for. A number: the first record stamped at or after that time, in ms.
 * `highWatermark`: the end, what is behind an open transaction included.
 */
export type OffsetQuestion = 'earliest' | 'latest' | 'highWatermark' | number

/** Administration of one cluster. Every call rejects with a MillraceError that names the cluster. */
export interface ClusterAdmin {
  readonly cluster: 'source' | 'target'
  readonly events: Observable<ClientEvent>
  describeCluster(): Promise<ClusterDescription>
  /** Every topic that can be seen, with its number of partitions. */
  listTopics(): Promise<ReadonlyMap<string, number>>
  describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicLookup>>
  /** Effective configuration of each topic. */
  describeTopicConfigs(topics: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, ConfigEntry>>>
  /** Configuration of a broker, which has the defaults for new topics. */
  describeBrokerConfigs(brokerId: number): Promise<ReadonlyMap<string, ConfigEntry>>
  /** Resolves when the topics exist; a topic that exists already is no error. */
  createTopics(topics: readonly NewTopic[]): Promise<void>
  /**
   * Asks for one new topic. `created`: it is this call's, though not every broker shows it yet. `exists`: it is somebody
   * else's, and nothing was changed.
   */
  createNewTopic(topic: NewTopic): Promise<'created' | 'exists'>
  /** Resolves when the topics and their records are gone; a topic that is not there is no error. */
  deleteTopics(topics: readonly string[]): Promise<void>
  /** Grows a topic to `partitions` in all; growing to what it has already is no error. */
  createPartitions(topic: string, partitions: number): Promise<void>
  /**
   * As a read_committed reader sees them: `latest` ends before an open transaction. A time after the last record
   * gives undefined.
   */
  listOffsets(
    partitions: readonly TopicPartition[],
    question: OffsetQuestion
  ): Promise<ReadonlyMap<string, number | undefined>>
  /** Committed offsets of a group by `partitionName`; partitions without one are not in the map. */
  committedOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, CommitOffset>>
  /** Sets offsets of a group that has no members. Rejects with MR_GROUP_IN_USE when it has. */
  commitOffsets(groupId: string, offsets: readonly CommitOffset[]): Promise<void>
  /** Deletes a group with its offsets; one that is not there is no error. Rejects with MR_GROUP_IN_USE when it has members. */
  deleteGroup(groupId: string): Promise<void>
  close(): Promise<void>
}

/** Writes generated records; what is copied never goes this way. */
export interface RecordLoader {
  /** Queues a record without key; the value is copied. False = the queue is full, try again a little later. */
  write(topic: string, partition: number, value: Buffer, timestamp: number): boolean
  /**
   * Waits until the cluster has all that was written; returns false when that took longer. Rejects with MR_LOAD_FAILED
   * when it refused some of it.
   */
  flush(timeoutMs: number): Promise<boolean>
  /** Gives up what is still queued and frees the client. */
  close(): Promise<void>
}

/** One connection, one authentication attempt, one answer: the first thing that touches a cluster. */
export interface ConnectionProbe {
  /** Undefined where brokers do not say. */
  readonly clusterId: string | undefined
  readonly milliseconds: number
}

/** What malloc keeps of what was freed, in this process. Does nothing where malloc is not glibc's. */
export interface ProcessMemory {
  /** From now on as much as this many bytes at the end of each arena are kept for what is needed next. */
  keepFreed(bytes: number): void
  /** Gives all other free pages back to the system, on a thread of its own: some 40 ms for 200 MB. */
  giveBack(): Promise<void>
}
