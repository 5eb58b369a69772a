import type { Observable } from 'rxjs'
import type { BatchPayload, RecordView } from '../model/batch.ts'
import type { ErrorPlace } from '../model/millrace-error.ts'
import type { DeliveryFailure, OffsetRange, OffsetRun, Settlement } from '../model/settlement.ts'
import { AddonPayload } from './addon-payload.ts'
import type { AddonProducer, AddonSendResult } from './addon-types.ts'
import { checkPartitions, checkTopics } from './check-arguments.ts'
import { addonError, clientClosed, failureOf, rdkafkaError } from './client-errors.ts'
import type { BrokerKeeper } from './broker-keeper.ts'
import type { ClientEvents } from './client-events.ts'
import { closeHandle, readMetadata } from './connect-handle.ts'
import type { NativeProducer } from './node-rdkafka-binding.ts'
import type { BatchProducer, ClientEvent, SendTarget } from './types.ts'

export interface KafkaProducerParts {
  readonly handle: NativeProducer
  readonly addon: AddonProducer
  readonly events: ClientEvents
  readonly keeper: BrokerKeeper
  readonly cluster: 'source' | 'target'
}

/**
 * node-rdkafka's producer handle, written to through the addon.
 *
 * Invariant: the handle is disconnected only after the addon has every report, because a disconnect drops what is not
 * flushed without saying so.
 */
export class KafkaProducer implements BatchProducer {
  readonly events: Observable<ClientEvent>
  readonly #parts: KafkaProducerParts
  readonly #place: ErrorPlace
  #closing: Promise<void> | undefined

  constructor(parts: KafkaProducerParts) {
    this.#parts = parts
    this.#place = { cluster: parts.cluster }
    this.events = parts.events.stream
  }

  send(payload: BatchPayload, target: SendTarget): Promise<Settlement> {
    return new Promise((resolve, reject) => {
      if (this.#closing !== undefined) {
        payload.release()
        throw clientClosed(this.#place)
      }
      checkPartitions([target])
      const batch = AddonPayload.surrender(payload)
      this.#parts.addon.send(batch, target.topic, target.partition, target.lane, (error, result) => {
        if (result !== undefined) resolve(settlementOf(result))
        else reject(addonError('MR_SEND_FAILED', 'sending failed', error ?? new Error('no answer'), this.#place))
      })
    })
  }

  sendRecord(record: RecordView, target: SendTarget): Promise<Settlement> {
    return new Promise((resolve, reject) => {
      this.#checkOpen()
      checkPartitions([target])
      const { offset, timestamp, key, value, headers } = record
      const copy = {
        offset,
        timestamp,
        key: bufferOf(key),
        value: bufferOf(value),
        headers: headers.map((header) => ({
          name: bufferOf(header.name) ?? Buffer.alloc(0),
          value: bufferOf(header.value)
        }))
      }
      this.#parts.addon.sendRecord(copy, target.topic, target.partition, target.lane, (error, result) => {
        if (result !== undefined) resolve(settlementOf(result))
        else reject(addonError('MR_SEND_FAILED', 'sending failed', error ?? new Error('no answer'), this.#place))
      })
    })
  }

  unblock(lane: number): void {
    this.#checkOpen()
    this.#parts.addon.unblock(lane)
  }

  async refresh(topics: readonly string[], timeoutMs: number): Promise<ReadonlyMap<string, number>> {
    this.#checkOpen()
    checkTopics(topics)
    const deadline = Date.now() + timeoutMs
    const counts = new Map<string, number>()
    // One by one: asking for all topics would leave those alone that the client doesn't know yet, and each call holds
    // a libuv thread.
    for (const topic of topics) counts.set(topic, await this.#countPartitions(topic, deadline))
    return counts
  }

  outstandingRecords(): number {
    return this.#closing === undefined ? this.#parts.addon.outstanding().records : 0
  }

  async close(drainTimeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(drainTimeoutMs)
    return this.#closing
  }

  async #close(drainTimeoutMs: number): Promise<void> {
    const { handle, addon, events, keeper } = this.#parts
    await new Promise<void>((resolve, reject) => {
      addon.close(Math.max(0, Math.ceil(drainTimeoutMs)), (error) => {
        if (error === null || error === undefined) resolve()
        else reject(addonError('MR_CLOSE_FAILED', 'the producer could not be closed', error, this.#place))
      })
    })
    await keeper.close()
    await closeHandle(handle)
    events.complete()
  }

  async #countPartitions(topic: string, deadline: number): Promise<number> {
    this.#checkOpen()
    const timeout = Math.max(1, Math.ceil(deadline - Date.now()))
    try {
      const metadata = await readMetadata(this.#parts.handle, { topic, allTopics: false, timeout })
      return metadata.topics.find(({ name }) => name === topic)?.partitions.length ?? 0
    } catch (error) {
      if (this.#closing !== undefined) throw clientClosed(this.#place)
      const place = { ...this.#place, topic }
      throw rdkafkaError('MR_METADATA_FAILED', 'the partitions could not be read', failureOf(error), place)
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw clientClosed(this.#place)
  }
}

function settlementOf(result: AddonSendResult): Settlement {
  const { delivered, altered, alteredRanges, failure } = result
  const runs: OffsetRun[] = []
  const numbers = result.runs
  for (let index = 0; index + 2 < numbers.length; index += 3) {
    runs.push({
      sourceOffset: numbers[index] ?? 0,
      targetOffset: numbers[index + 1] ?? -1,
      count: numbers[index + 2] ?? 0
    })
  }
  if (failure === undefined && alteredRanges === undefined) return { delivered, altered, runs }
  return {
    delivered,
    altered,
    ...(alteredRanges !== undefined && { alteredRanges: rangesOf(alteredRanges) }),
    runs,
    ...(failure !== undefined && { failure: failureOfSend(failure) })
  }
}

function failureOfSend({ fault, ...failure }: NonNullable<AddonSendResult['failure']>): DeliveryFailure {
  return fault === undefined ? failure : { ...failure, fault: { ...fault, ranges: rangesOf(fault.ranges) } }
}

function rangesOf(numbers: Float64Array): OffsetRange[] {
  const ranges: OffsetRange[] = []
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    ranges.push({ offset: numbers[index] ?? 0, count: numbers[index + 1] ?? 0 })
  }
  return ranges
}

function bufferOf(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
