import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'
import type { ClientHandle } from './addon-types.ts'
import type { Configuration } from './client-configuration.ts'

/*
 * The part of node-rdkafka's own binding (`node-rdkafka/librdkafka.js`, 3.6.1) that is used: the native handles that
 * its `KafkaConsumer` and `Producer` wrap and that `getClient()` returns. The wrappers are not used, because they
 *   - wait up to 30 s for metadata inside `connect` while nothing serves events, and can't be interrupted,
 *   - keep the configuration, secrets included, in `client.globalConfig`,
 *   - flush for 5 s before every disconnect,
 *   - turn error codes into lower-cased text.
 */

export interface NativeError {
  readonly message: string
  readonly code?: number
}

export type NativeCallback<T = unknown> = (error: NativeError | null | undefined, value?: T) => void

export interface NativeMetadata {
  /** Who answered; -1 = a bootstrap connection whose broker is not known yet. */
  readonly orig_broker_id: number
  readonly topics: readonly { readonly name: string; readonly partitions: readonly { readonly id: number }[] }[]
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[]
}

export type EventCallback = (type: string, event: unknown) => void

export type RebalanceCallback = (code: number, partitions: readonly TopicPartition[]) => void

export interface NativeHandle extends ClientHandle {
  configureCallbacks(add: boolean, callbacks: NativeCallbacks): void
  connect(callback: NativeCallback): void
  disconnect(callback: NativeCallback): void
  getMetadata(
    options: { readonly topic?: string; readonly allTopics: boolean; readonly timeout: number },
    callback: NativeCallback<NativeMetadata>
  ): void
}

export interface NativeCallbacks {
  readonly global: { readonly rebalance_cb?: RebalanceCallback }
  readonly topic: Record<string, never>
  readonly event: { readonly event_cb: EventCallback; readonly delivery_cb?: DeliveryCallback }
}

/** Without a code: node-rdkafka keeps the text of a failed delivery only. */
export type DeliveryCallback = (error: Error | null) => void

export type NativeProducer = NativeHandle

/** The rest of the producer handle: for what is generated here, never for what is copied. */
export interface NativeWriter extends NativeProducer {
  /** Copies key and value. Returns a code of librdkafka, 0 = queued. */
  produce(
    topic: string,
    partition: number,
    value: Buffer | null,
    key: Buffer | null,
    timestamp: number,
    opaque: undefined,
    headers: readonly Record<string, string>[] | undefined
  ): unknown
  /** Serves delivery reports and events that have come, without waiting. */
  poll(): void
  flush(timeoutMs: number, callback: NativeCallback): void
  queryWatermarkOffsets(
    topic: string,
    partition: number,
    timeoutMs: number,
    callback: NativeCallback<{ readonly highOffset: number; readonly lowOffset: number }>
  ): void
}

/** `subscribe`, `unsubscribe`, `pause` and `resume` return a code, the incremental calls throw a NativeError. */
export interface NativeConsumer extends NativeHandle {
  subscribe(topics: readonly string[]): number
  unsubscribe(): number
  incrementalAssign(partitions: readonly PartitionOffset[]): void
  incrementalUnassign(partitions: readonly TopicPartition[]): void
  unassign(): void
  assignments(): readonly TopicPartition[] | number
  pause(partitions: readonly TopicPartition[]): number
  resume(partitions: readonly TopicPartition[]): number
  seek(position: PartitionOffset, timeoutMs: number, callback: NativeCallback): void
  rebalanceProtocol(): 'NONE' | 'EAGER' | 'COOPERATIVE'
}

export interface NodeRdkafkaBinding {
  readonly KafkaConsumer: new (
    configuration: Configuration | (Configuration & { rebalance_cb: RebalanceCallback }),
    topicConfiguration: Configuration
  ) => NativeConsumer
  readonly Producer: new (configuration: Configuration, topicConfiguration: Configuration) => NativeProducer
}
