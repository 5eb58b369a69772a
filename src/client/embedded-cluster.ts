import { setTimeout as pause } from 'node:timers/promises'
import { MillraceError } from '../model/millrace-error.ts'
import { failureOf, rdkafkaError } from './client-errors.ts'
import { closeHandle, openHandle, readMetadata } from './connect-handle.ts'
import { loadAddon } from './load-addon.ts'
import type { NativeWriter } from './node-rdkafka-binding.ts'

/** What node-rdkafka's own producer can write without changing it: see there for headers and empty buffers. */
export interface WrittenRecord {
  readonly key: Buffer | null
  /** null = a tombstone. */
  readonly value: Buffer | null
  /** Milliseconds since 1970, at least 1. */
  readonly timestamp: number
  /** Names and values are text; null bytes would end them. Names may repeat. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** Partitions of every topic: librdkafka's mock cluster knows no other number. */
export const EMBEDDED_PARTITIONS = 4

const ANSWER_MS = 10_000

/**
 * librdkafka's mock cluster in this process, which other clients and processes can join. It forgets what exceeds 5 MiB
 * a partition, and knows neither transactions nor topic configurations: for a demonstration, not for proofs.
 *
 * Invariant: the handle is the cluster: while it is open the cluster runs, closing it ends the cluster with its records.
 */
export class EmbeddedCluster {
  readonly bootstrapServers: string
  readonly #handle: NativeWriter
  #closing: Promise<void> | undefined

  private constructor(handle: NativeWriter, bootstrapServers: string) {
    this.#handle = handle
    this.bootstrapServers = bootstrapServers
  }

  static async start(): Promise<EmbeddedCluster> {
    const { binding } = loadAddon()
    const handle = new binding.Producer(
      {
        'test.mock.num.brokers': 1,
        'bootstrap.servers': 'embedded',
        'queue.buffering.max.messages': 2_000_000,
        'queue.buffering.max.kbytes': 256 * 1024,
        // The cluster hands out one stored batch a fetch, so large ones make it quick.
        'linger.ms': 50,
        'batch.num.messages': 20_000
      },
      {}
    ) as NativeWriter
    await openHandle(handle, {})
    const { brokers } = await readMetadata(handle, { allTopics: false, timeout: ANSWER_MS })
    return new EmbeddedCluster(handle, brokers.map(({ host, port }) => `${host}:${port}`).join(','))
  }

  /** A topic is made when somebody asks for it. */
  async createTopic(topic: string): Promise<void> {
    const deadline = Date.now() + ANSWER_MS
    for (;;) {
      const { topics } = await readMetadata(this.#handle, { topic, allTopics: false, timeout: ANSWER_MS })
      if (topics.some(({ name, partitions }) => name === topic && partitions.length === EMBEDDED_PARTITIONS)) return
      if (Date.now() > deadline) throw notDone(`the embedded cluster did not make topic ${topic}`)
      await pause(20)
    }
  }

  /** Puts a record into the producer's queue; `flush` waits until the cluster has it. */
  write(topic: string, partition: number, { key, value, timestamp, headers }: WrittenRecord): void {
    const objects = headers.length === 0 ? undefined : headers.map(([name, text]) => ({ [name]: text }))
    const code = this.#handle.produce(topic, partition, value, key, timestamp, undefined, objects)
    if (typeof code === 'number' && code !== 0) throw notDone(`the embedded cluster took no more records (${code})`)
  }

  async flush(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#handle.flush(timeoutMs, (error) => {
        if (error === null || error === undefined) resolve()
        else reject(rdkafkaError('MR_EMBEDDED_CLUSTER', 'the generated records were not written', failureOf(error), {}))
      })
    })
  }

  async endOffset(topic: string, partition: number): Promise<number> {
    return await new Promise<number>((resolve, reject) => {
      this.#handle.queryWatermarkOffsets(topic, partition, ANSWER_MS, (error, offsets) => {
        if (offsets !== undefined) resolve(offsets.highOffset)
        else reject(rdkafkaError('MR_EMBEDDED_CLUSTER', 'no end offset', failureOf(error), { topic, partition }))
      })
    })
  }

  async close(): Promise<void> {
    this.#closing ??= closeHandle(this.#handle)
    return await this.#closing
  }
}

function notDone(message: string): MillraceError {
  return new MillraceError({ code: 'MR_EMBEDDED_CLUSTER', kind: 'internal', message, next: 'Report this as a bug.' })
}
