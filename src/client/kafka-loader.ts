import { MillraceError } from '../model/millrace-error.ts'
import { clientClosed, failureOf, rdkafkaError } from './client-errors.ts'
import { closeHandle, openHandle } from './connect-handle.ts'
import { ErrorCode } from './error-codes.ts'
import type { NativeWriter } from './node-rdkafka-binding.ts'
import type { RecordLoader } from './types.ts'

/** Reports of failures are served this often while records are written. */
const WRITES_A_POLL = 1000

/**
 * node-rdkafka's own producer, record by record: quick enough for a load, and its values need no fidelity.
 *
 * Invariant: the first delivery that failed is kept and told by the next flush.
 */
export class KafkaLoader implements RecordLoader {
  readonly #handle: NativeWriter
  readonly #cluster: 'source' | 'target'
  #writes = 0
  #failed: Error | undefined
  #closing: Promise<void> | undefined

  private constructor(handle: NativeWriter, cluster: 'source' | 'target') {
    this.#handle = handle
    this.#cluster = cluster
  }

  static async open(handle: NativeWriter, cluster: 'source' | 'target'): Promise<KafkaLoader> {
    const loader = new KafkaLoader(handle, cluster)
    handle.configureCallbacks(true, {
      global: {},
      topic: {},
      event: {
        // Whether the cluster can be reached shows in what is written.
        event_cb: () => undefined,
        delivery_cb: (error) => {
          if (error !== null) loader.#failed ??= error
        }
      }
    })
    await openHandle(handle, { cluster })
    return loader
  }

  write(topic: string, partition: number, value: Buffer, timestamp: number): boolean {
    if (this.#closing !== undefined) throw clientClosed({ cluster: this.#cluster })
    if (++this.#writes % WRITES_A_POLL === 0) this.#handle.poll()
    const code = Number(this.#handle.produce(topic, partition, value, null, timestamp, undefined, undefined))
    if (code === 0) return true
    if (code === ErrorCode.queueFull) {
      this.#handle.poll()
      return false
    }
    throw rdkafkaError(
      'MR_LOAD_FAILED',
      'a record could not be written',
      { code, text: 'not taken' },
      this.#place(topic)
    )
  }

  async flush(timeoutMs: number): Promise<boolean> {
    if (this.#closing !== undefined) throw clientClosed({ cluster: this.#cluster })
    const code = await new Promise<number>((resolve) => {
      this.#handle.flush(timeoutMs, (error) =>
        resolve(error === null || error === undefined ? 0 : failureOf(error).code)
      )
    })
    // The reports of the flush reach us in a later turn.
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#failed !== undefined) throw this.#loadFailed(this.#failed)
    return code === 0
  }

  async close(): Promise<void> {
    this.#closing ??= closeHandle(this.#handle)
    return await this.#closing
  }

  #place(topic: string) {
    return { cluster: this.#cluster, topic }
  }

  #loadFailed(cause: Error): MillraceError {
    return new MillraceError({
      code: 'MR_LOAD_FAILED',
      kind: 'client',
      message: `the ${this.#cluster} cluster refused generated records: ${cause.message}`,
      next: 'Grant WRITE on the topic to this user, or correct what the cluster names.',
      place: { cluster: this.#cluster },
      cause
    })
  }
}
