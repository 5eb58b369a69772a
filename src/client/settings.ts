/*
 * What a client is made from: plain data, checked before. Sizes are bytes unless the name says otherwise, durations
 * milliseconds. It holds secrets in the clear, so it is passed on and forgotten, never kept in an object.
 */

export interface SecuritySettings {
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
  readonly mechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username?: string
  /** Resolved. */
  readonly password?: string
  /** PEM files. */
  readonly caFile?: string
  readonly certificateFile?: string
  readonly keyFile?: string
  /** Resolved. */
  readonly keyPassword?: string
  readonly verifyHostname: boolean
}

export interface ClusterSettings {
  readonly cluster: 'source' | 'target'
  readonly bootstrapServers: string
  readonly security: SecuritySettings
  /** The user's properties by librdkafka's names, secrets resolved. What we own wins over them. */
  readonly properties: Readonly<Record<string, string | number | boolean>>
  /** What brokers show in logs, quotas and metrics. */
  readonly clientId: string
  /** How long to wait for a first broker; 0 = don't wait, librdkafka goes on trying. Default 30 s. */
  readonly connectTimeoutMs?: number
  /** How often `events` has librdkafka's statistics; 0 or absent = never. */
  readonly statisticsIntervalMs?: number
}

export interface ConsumerSettings extends ClusterSettings {
  readonly groupId: string
  /** Static membership: a restart within the session keeps its partitions. */
  readonly groupInstanceId?: string
  /** `queued.max.messages.kbytes`: what may be fetched ahead, over all partitions. */
  readonly queuedMaxKbytes: number
  /** `fetch.max.bytes`: one fetch response of one broker. */
  readonly fetchMaxBytes: number
  /** `topic.metadata.refresh.interval.ms`: how soon new partitions of a subscribed topic are seen. Default 5 min (librdkafka's). */
  readonly metadataRefreshMs?: number
}

export interface ProducerSettings extends ClusterSettings {
  /** `queue.buffering.max.messages`: demand must keep what is in flight below it. */
  readonly queueMaxMessages: number
  /** `queue.buffering.max.kbytes`: likewise. */
  readonly queueMaxKbytes: number
  /** `batch.size`: must not exceed the target's `max.message.bytes`. Default 1,000,000 (librdkafka's). */
  readonly batchSizeBytes?: number
  /**
   * False: a record that is refused leaves the client usable, and its followers are sent. Only for who sends a record
   * alone and waits for its report. Default true.
   */
  readonly gapless?: boolean
}

export interface LoaderSettings extends ClusterSettings {
  /** `linger.ms`: 0 for a trickle that must not wait, more for batches. */
  readonly lingerMs: number
  /** `queue.buffering.max.kbytes` */
  readonly queueMaxKbytes: number
}

export interface AdminSettings extends ClusterSettings {
  /**
   * The group whose offsets are read and set. Without it such calls are refused: librdkafka 2.12.0 crashes when a
   * client without a group is told that its group's coordinator has moved (`rd_kafka_handle_OffsetFetch`).
   */
  readonly groupId?: string
}

/** Ends a connect early; the call rejects with MR_CANCELLED. */
export interface ConnectOptions {
  readonly signal?: AbortSignal
}
