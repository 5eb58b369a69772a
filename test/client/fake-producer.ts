import { Subject } from 'rxjs'
import type { BatchPayload, RecordView } from '../../src/model/batch.ts'
import type { DeliveryFailure, OffsetRange, OffsetRun, Settlement } from '../../src/model/settlement.ts'
import { checkPartitions, checkTopics } from '../../src/client/check-arguments.ts'
import { clientClosed } from '../../src/client/client-errors.ts'
import type { BatchProducer, ClientEvent, SendTarget } from '../../src/client/types.ts'
import type { FakeCluster } from './fake-cluster.ts'
import { FakePayload } from './fake-payload.ts'

interface Send {
  readonly records: readonly RecordView[]
  readonly target: SendTarget
  readonly resolve: (settlement: Settlement) => void
}

/** What a target says to a record it will never take. */
export interface Refusal {
  readonly code: number
  readonly name: string
}

/**
 * A BatchProducer over a FakeCluster.
 *
 * Invariant: `#queue` has the sends in the order of their calls and is delivered from its front only, so that nothing
 * overtakes.
 */
export class FakeProducer implements BatchProducer {
  readonly eventSubject = new Subject<ClientEvent>()
  readonly events = this.eventSubject.asObservable()
  /** Answers a record with a refusal: it and its followers in the producer are not delivered (gapless guarantee). */
  refuse: (record: RecordView, target: SendTarget) => Refusal | undefined = () => undefined
  /** False: goes on behind a refused record. */
  gapless = true
  readonly #cluster: FakeCluster
  readonly #blocked = new Set<number>()
  readonly #queue: Send[] = []
  #held = false
  #fatal = false
  #closing = false

  constructor(cluster: FakeCluster) {
    this.#cluster = cluster
  }

  async send(payload: BatchPayload, target: SendTarget): Promise<Settlement> {
    if (this.#closing) {
      payload.release()
      throw clientClosed({})
    }
    checkPartitions([target])
    if (!(payload instanceof FakePayload)) throw new Error('a payload of another kind of client')
    const records = payload.surrender()
    return new Promise((resolve) => {
      this.#queue.push({ records, target, resolve })
      if (!this.#held) setImmediate(() => this.deliver())
    })
  }

  async sendRecord(record: RecordView, target: SendTarget): Promise<Settlement> {
    return await this.send(new FakePayload([record], { records: 1 }), target)
  }

  unblock(lane: number): void {
    this.#blocked.delete(lane)
  }

  async refresh(topics: readonly string[], _timeoutMs: number): Promise<ReadonlyMap<string, number>> {
    if (this.#closing) throw clientClosed({})
    checkTopics(topics)
    await Promise.resolve()
    return new Map(topics.map((topic) => [topic, this.#cluster.topics().get(topic)?.logs.length ?? 0]))
  }

  outstandingRecords(): number {
    return this.#queue.reduce((sum, { records }) => sum + records.length, 0)
  }

  async close(drainTimeoutMs: number): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    const deadline = Date.now() + drainTimeoutMs
    while (this.#queue.length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => {
        setTimeout(resolve, 1)
      })
    }
    for (const send of this.#queue.splice(0))
      send.resolve(failed(send, 0, 'purged', { code: -152, name: '_PURGE_QUEUE' }))
    this.eventSubject.complete()
  }

  /** Nothing is delivered until `deliver()`. */
  hold(): void {
    this.#held = true
  }

  /** Delivers the first `count` sends; all of them, and the later ones too, without a number. */
  deliver(count?: number): void {
    if (count === undefined) this.#held = false
    for (const send of this.#queue.splice(0, count ?? this.#queue.length)) send.resolve(this.#deliver(send))
  }

  #deliver(send: Send): Settlement {
    const { records, target } = send
    if (this.#fatal) return failed(send, 0, 'purged', { code: -150, name: '_FATAL' })
    if (this.#blocked.has(target.lane)) return failed(send, 0, 'blocked', { code: -143, name: '_APPLICATION' })
    const topic = this.#cluster.topics().get(target.topic)
    if (topic?.logs[target.partition] === undefined) {
      this.#blocked.add(target.lane)
      return failed(send, 0, 'refused', { code: -190, name: '_UNKNOWN_PARTITION' })
    }
    const refusedAt = records.findIndex((record) => this.refuse(record, target) !== undefined)
    const taken = refusedAt < 0 ? records : records.slice(0, refusedAt)
    const first = this.#cluster.append(target.topic, target.partition, ...taken)
    const delivered = deliveredOf(taken, first)
    const culprit = records[refusedAt]
    if (culprit === undefined) return delivered
    const refusal = this.refuse(culprit, target) ?? { code: -1, name: 'UNKNOWN' }
    this.#blocked.add(target.lane)
    const failure = failureOf(send, refusedAt, 'refused', refusal)
    const ranges = [{ offset: culprit.offset, count: 1 }]
    const result = { ...delivered, failure: isFault(refusal) ? { ...failure, fault: { ...refusal, ranges } } : failure }
    if (!this.gapless) return result
    this.#fatal = true
    const text = 'a record was refused for good, the gapless guarantee holds back the rest'
    this.eventSubject.next({ type: 'error', ...refusal, text, fatal: true, authentication: false })
    return result
  }
}

/** The broker's errors that find fault with a record: those that the native part names so. */
function isFault({ name }: Refusal): boolean {
  return ['MSG_SIZE_TOO_LARGE', 'INVALID_TIMESTAMP', 'INVALID_RECORD'].includes(name)
}

function deliveredOf(records: readonly RecordView[], firstTarget: number): Settlement {
  const runs: OffsetRun[] = []
  const alteredRanges: OffsetRange[] = []
  for (const [index, { offset, timestamp }] of records.entries()) {
    if (timestamp <= 0) addTo(alteredRanges, offset)
    const run = runs.at(-1)
    if (run !== undefined && run.sourceOffset + run.count === offset) {
      runs[runs.length - 1] = { ...run, count: run.count + 1 }
    } else {
      runs.push({ sourceOffset: offset, targetOffset: firstTarget + index, count: 1 })
    }
  }
  const altered = alteredRanges.reduce((sum, { count }) => sum + count, 0)
  return { delivered: records.length, altered, ...(altered > 0 && { alteredRanges }), runs }
}

function addTo(ranges: OffsetRange[], offset: number): void {
  const last = ranges.at(-1)
  if (last !== undefined && last.offset + last.count === offset) {
    ranges[ranges.length - 1] = { ...last, count: last.count + 1 }
  } else {
    ranges.push({ offset, count: 1 })
  }
}

function failed(send: Send, from: number, kind: DeliveryFailure['kind'], refusal: Refusal): Settlement {
  return { delivered: 0, altered: 0, runs: [], failure: failureOf(send, from, kind, refusal) }
}

function failureOf({ records }: Send, from: number, kind: DeliveryFailure['kind'], refusal: Refusal): DeliveryFailure {
  return { ...refusal, offset: records[from]?.offset ?? -1, count: records.length - from, kind }
}
