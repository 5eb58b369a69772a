/*
 * What the native addon (native/) exports. Only files of this folder import it. Every function throws a TypeError for
 * arguments of the wrong kind and never crashes the process; on a client that is closed, closing or was never
 * connected it throws, or calls back with, an Error with `code` 'MR_CLIENT_CLOSED'.
 */

/** node-rdkafka's native handle: `client.getClient()`. */
export type ClientHandle = object

export interface AddonCounters {
  /** Consumed messages taken from librdkafka, and given back to it, since the addon was loaded. */
  readonly messagesTaken: number
  readonly messagesFreed: number
  readonly batchesAlive: number
  /** Batches that JavaScript forgot: freed by the garbage collector. */
  readonly batchesLeaked: number
  /** Sends without a result yet. */
  readonly sendsInFlight: number
}

export interface AddonBatch {
  readonly topic: string
  readonly partition: number
  readonly firstOffset: number
  readonly lastOffset: number
  readonly count: number
  readonly bytes: number
  readonly firstTimestamp: number
  readonly maxTimestamp: number
  readonly minTimestamp: number
  readonly largest: number
  readonly hasKeyless: boolean
  readonly leaderEpoch: number
  take(from: number, to: number): AddonBatch | undefined
  offsetAtOrAfter(timestamp: number): number | undefined
  /** See BatchPayload. All are safe integers. */
  outside(maxBytes: number, minTimestamp: number, maxTimestamp: number, keyed: boolean): number[]
  /** See BatchPayload. maxRecords is at most 1024; offsets are in [from, to). */
  findHeaders(name: string, maxRecords: number, from: number, to: number): { offset: number; value: Buffer }[]
  records(): {
    offset: number
    timestamp: number
    key: Buffer | null
    value: Buffer | null
    headers: { name: Buffer; value: Buffer | null }[]
  }[]
  release(): void
}

export interface AddonPoll {
  readonly batches: readonly AddonBatch[]
  readonly ends: readonly { topic: string; partition: number; offset: number }[]
  /** topic '' and partition -1 where the error belongs to none. */
  readonly errors: readonly {
    topic: string
    partition: number
    offset: number
    code: number
    name: string
    text: string
  }[]
}

/** A batch of which only the digests are left. */
export interface AddonDigests {
  readonly topic: string
  readonly partition: number
  readonly bytes: number
  /** [first offset, count] one after the other. */
  readonly spans: Float64Array
  /** Four words a record. */
  readonly words: Uint32Array
  /** Four words a record if keys were asked for, else empty. */
  readonly keys: Uint32Array
}

export type AddonDigestPoll = Omit<AddonPoll, 'batches'> & { readonly batches: readonly AddonDigests[] }

export interface AddonEvent {
  readonly type: 'error'
  readonly code: number
  readonly name: string
  readonly text: string
  readonly fatal: boolean
}

export type Callback<T> = (error: (Error & { code?: string }) | null, value?: T) => void

export interface AddonConsumer {
  poll(maxBytes: number, maxCount: number, timeoutMs: number, callback: Callback<AddonPoll>): void
  /** Like `poll`, but the records are hashed and freed on the native thread. */
  digest(
    maxBytes: number,
    maxCount: number,
    timeoutMs: number,
    withTimestamps: boolean,
    withKeys: boolean,
    callback: Callback<AddonDigestPoll>
  ): void
  commit(
    offsets: readonly { topic: string; partition: number; offset: number; leaderEpoch?: number; metadata?: string }[],
    callback: Callback<readonly { topic: string; partition: number; offset: number; code: number; name: string }[]>
  ): void
  /** Messages taken and not yet freed, of this consumer. */
  held(): number
  /** Errors that librdkafka reports for the whole client, with their true codes; undefined = stop listening. */
  onEvent(listener: ((event: AddonEvent) => void) | undefined): void
  /** `rd_kafka_assignment_lost`: what is being revoked belongs to others already. */
  assignmentLost(): boolean
  /** Ends the native thread and lets go of the queue; the handle may be disconnected afterwards. Error while held() > 0. */
  close(callback: Callback<undefined>): void
}

export interface AddonSendResult {
  readonly delivered: number
  readonly altered: number
  /** [offset, count] one after the other; absent when there are none. */
  readonly alteredRanges?: Float64Array
  /** [source offset, target offset or -1, count] one after the other. */
  readonly runs: Float64Array
  readonly failure?: {
    code: number
    name: string
    offset: number
    count: number
    kind: 'refused' | 'purged' | 'blocked'
    /** ranges: [offset, count] one after the other. */
    fault?: { code: number; name: string; ranges: Float64Array }
  }
}

export interface AddonProducer {
  /** Takes the records out of the batch (it is empty afterwards, also when the call back reports a failure). */
  send(batch: AddonBatch, topic: string, partition: number, lane: number, callback: Callback<AddonSendResult>): void
  /** As `send`, of one record with bytes of JavaScript, which are copied. */
  sendRecord(
    record: {
      readonly offset: number
      readonly timestamp: number
      readonly key: Buffer | null
      readonly value: Buffer | null
      readonly headers: readonly { readonly name: Buffer; readonly value: Buffer | null }[]
    },
    topic: string,
    partition: number,
    lane: number,
    callback: Callback<AddonSendResult>
  ): void
  unblock(lane: number): void
  outstanding(): { records: number; sends: number }
  onEvent(listener: ((event: AddonEvent) => void) | undefined): void
  /** Waits for reports, purges at the deadline, waits until every report is in, restores the handle's own callback. */
  close(drainTimeoutMs: number, callback: Callback<undefined>): void
}

/** Admin requests: name, arguments, answer. */
export interface AddonAdmin {
  describeCluster: [
    /** Any request takes a `brokerId`; without one librdkafka goes to the controller, coordinator or leader. */
    { brokerId?: number },
    { clusterId: string; controllerId: number; brokers: { id: number; host: string; port: number }[] }
  ]
  describeTopics: [
    { topics: readonly string[]; brokerId?: number },
    {
      topic: string
      code: number
      name: string
      text: string
      /** Base64, '' when the broker has none. */
      topicId: string
      internal: boolean
      partitions: { partition: number; leader: number; replicas: number[]; inSyncReplicas: number[] }[]
    }[]
  ]
  describeConfigs: [
    { resources: readonly { type: 'topic' | 'broker'; name: string }[] },
    {
      type: 'topic' | 'broker'
      name: string
      code: number
      text: string
      entries: { name: string; value: string | null; source: number; isDefault: boolean; isSensitive: boolean }[]
    }[]
  ]
  createTopics: [
    {
      topics: readonly {
        topic: string
        partitions: number
        replicationFactor: number
        configs: Readonly<Record<string, string>>
      }[]
      validateOnly?: boolean
    },
    { topic: string; code: number; name: string; text: string }[]
  ]
  createPartitions: [
    { topic: string; partitions: number },
    { topic: string; code: number; name: string; text: string }[]
  ]
  deleteTopics: [{ topics: readonly string[] }, { topic: string; code: number; name: string; text: string }[]]
  deleteGroup: [{ groupId: string }, { groupId: string; code: number; name: string; text: string }[]]
  listOffsets: [
    {
      /** offset: -2 earliest, -1 latest, -3 max timestamp, else a time in ms. */
      partitions: readonly { topic: string; partition: number; offset: number }[]
      isolation: 'read_committed' | 'read_uncommitted'
    },
    {
      topic: string
      partition: number
      offset: number
      timestamp: number
      leaderEpoch: number
      code: number
      name: string
    }[]
  ]
  listConsumerGroupOffsets: [
    { groupId: string; partitions?: readonly { topic: string; partition: number }[] },
    {
      topic: string
      partition: number
      offset: number
      leaderEpoch: number
      metadata: string
      code: number
      name: string
    }[]
  ]
  alterConsumerGroupOffsets: [
    {
      groupId: string
      offsets: readonly { topic: string; partition: number; offset: number; leaderEpoch?: number; metadata?: string }[]
    },
    { topic: string; partition: number; offset: number; code: number; name: string }[]
  ]
}

export interface Addon {
  readonly librdkafkaVersion: string
  /** librdkafka's compiled-in features: `builtin.features`. */
  readonly features: readonly string[]
  counters(): AddonCounters
  /**
   * malloc's mmap and trim thresholds, at any time: above the first a piece is mapped for itself, above the second what
   * is free at the end of an arena goes back to the system. False where this malloc has none.
   */
  tuneMalloc(mmapThresholdBytes: number, trimThresholdBytes: number): boolean
  /** Gives free pages of all arenas back to the system, on a thread of its own. Calls back with whether there were any. */
  trimMalloc(callback: Callback<boolean>): void
  attachConsumer(handle: ClientHandle): AddonConsumer
  attachProducer(handle: ClientHandle): AddonProducer
  /**
   * One admin request on any connected node-rdkafka handle. Calls back with an Error of `code` 'MR_ADMIN' and
   * `rdkafkaCode`, `rdkafkaName` when the whole request failed.
   */
  admin<K extends keyof AddonAdmin>(
    handle: ClientHandle,
    request: K,
    args: AddonAdmin[K][0],
    timeoutMs: number,
    callback: Callback<AddonAdmin[K][1]>
  ): void
  /**
   * Nobody waits any longer for the answers to the admin requests that have begun on this client: they fail with
   * 'MR_CLIENT_CLOSED' within some 100 ms. What a broker has been asked for it may still do.
   */
  cancelRequests(handle: ClientHandle): void
  /**
   * Gives a connected client brokers that it may start from, as `bootstrap.servers` did; those that it has already are
   * not added again. Returns how many of the list it has now; 0 on a client that is about to close.
   */
  addBrokers(handle: ClientHandle, brokers: string): number
  /** What the last answer about the cluster called it; undefined before the first, and on a client about to close. */
  clusterId(handle: ClientHandle): string | undefined
  /**
   * Closes and frees the client, on a thread that nobody waits for, and calls back when that is done, if ever. From now
   * on node-rdkafka takes it for disconnected; `disconnect` has to be called when it is freed, and does what is left.
   * False = somebody uses it just now, try again. Throws 'MR_CLIENT_CLOSED' when it is disconnected already.
   */
  destroyClient(handle: ClientHandle, callback: Callback<undefined>): boolean
}
