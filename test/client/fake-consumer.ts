import { Subject } from 'rxjs'
import { RECORD_OVERHEAD_BYTES, type RecordView } from '../../src/model/batch.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { nextOffset } from '../../src/model/offset.ts'
import { partitionName, type PartitionOffset, type TopicPartition } from '../../src/model/topic-partition.ts'
import { checkPartitions, checkPositions, checkTopics } from '../../src/client/check-arguments.ts'
import { clientClosed } from '../../src/client/client-errors.ts'
import { RebalanceAnswers } from '../../src/client/rebalance-answers.ts'
import type {
  BatchConsumer,
  ClientEvent,
  CommitOffset,
  CommitResult,
  DigestParts,
  DigestPoll,
  EndOfPartition,
  Fetched,
  PartitionError,
  Poll
} from '../../src/client/types.ts'
import { digestsOf } from './fake-digests.ts'
import type { FakeCluster } from './fake-cluster.ts'
import type { FakeMember } from './fake-group.ts'
import { FakePayload, type HeldCount } from './fake-payload.ts'

interface Reading {
  readonly at: TopicPartition
  position: number
  paused: boolean
  /** The end that was told last. */
  toldEnd: number
  /** Reading has stopped with an error until a seek. */
  broken: boolean
}

/** A BatchConsumer over a FakeCluster. `commitCode` answers commits with an error, `maxRecords` makes small batches. */
export class FakeConsumer implements BatchConsumer {
  readonly eventSubject = new Subject<ClientEvent>()
  readonly events = this.eventSubject.asObservable()
  readonly rebalances
  commitCode = 0
  maxRecords = Number.POSITIVE_INFINITY
  readonly #cluster: FakeCluster
  readonly #groupId: string
  readonly #readings = new Map<string, Reading>()
  readonly #held: HeldCount = { records: 0 }
  readonly #member: FakeMember
  #keepsOwned = false
  #polling = false
  #closed = false

  constructor(cluster: FakeCluster, groupId: string) {
    this.#cluster = cluster
    this.#groupId = groupId
    const answers = new RebalanceAnswers({
      assign: (positions) => this.#take(positions),
      unassign: (partitions) => this.#drop(partitions)
    })
    this.#member = { topics: [], owned: new Map(), answers }
    this.rebalances = answers.stream
  }

  async poll(maxBytes: number, timeoutMs: number): Promise<Poll> {
    this.#checkOpen()
    if (this.#polling) throw new MillraceError({ code: 'MR_POLL_RUNNING', kind: 'internal', message: 'one at a time' })
    this.#polling = true
    const deadline = Date.now() + timeoutMs
    try {
      for (;;) {
        this.#cluster.group(this.#groupId).serve(this.#member)
        const poll = this.#read(maxBytes)
        const left = deadline - Date.now()
        if (poll.fetched.length + poll.ends.length + poll.errors.length > 0 || left <= 0) return poll
        await this.#cluster.change(left)
        this.#checkOpen()
      }
    } finally {
      this.#polling = false
    }
  }

  async digest(maxBytes: number, timeoutMs: number, parts: DigestParts): Promise<DigestPoll> {
    const { fetched, ends, errors } = await this.poll(maxBytes, timeoutMs)
    return { digests: fetched.map((batch) => digestsOf(batch, parts)), ends, errors }
  }

  subscribe(topics: readonly string[]): void {
    this.#checkOpen()
    checkTopics(topics)
    this.#member.topics = [...topics]
    this.#cluster.group(this.#groupId).join(this.#member)
    this.#cluster.changed()
  }

  unsubscribe(): void {
    this.subscribe([])
  }

  assign(positions: readonly PartitionOffset[]): void {
    this.#checkOpen()
    checkPositions(positions)
    this.#member.answers.assign(positions)
    this.#cluster.changed()
  }

  unassign(partitions: readonly TopicPartition[]): void {
    this.#checkOpen()
    checkPartitions(partitions)
    // Outside a rebalance the group does not hear of it.
    this.#keepsOwned = !this.#member.answers.unanswered.some(({ type }) => type === 'revoke')
    this.#member.answers.unassign(partitions)
    this.#keepsOwned = false
    this.#cluster.changed()
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#setPaused(partitions, true)
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#setPaused(partitions, false)
    this.#cluster.changed()
  }

  async seek(position: PartitionOffset, _timeoutMs: number): Promise<void> {
    this.#checkOpen()
    checkPositions([position])
    await Promise.resolve()
    const reading = this.#readings.get(partitionName(position))
    if (reading === undefined) {
      throw new MillraceError({ code: 'MR_SEEK_FAILED', kind: 'retry', message: 'not assigned', place: position })
    }
    Object.assign(reading, { position: position.offset, toldEnd: -1, broken: false })
    this.#cluster.changed()
  }

  async commit(offsets: readonly CommitOffset[]): Promise<readonly CommitResult[]> {
    this.#checkOpen()
    checkPositions(offsets)
    await Promise.resolve()
    return offsets.map((offset) => {
      if (this.commitCode === 0) this.#cluster.commit(this.#groupId, offset)
      const { topic, partition } = offset
      const name = this.commitCode === 0 ? 'NO_ERROR' : 'REBALANCE_IN_PROGRESS'
      return { topic, partition, offset: offset.offset, code: this.commitCode, name }
    })
  }

  heldRecords(): number {
    return this.#held.records
  }

  async close(): Promise<void> {
    if (this.#closed) return
    if (this.#held.records > 0) {
      throw new MillraceError({ code: 'MR_RECORDS_HELD', kind: 'internal', message: `${this.#held.records} held` })
    }
    this.#closed = true
    this.#drop([...this.#readings.values()].map(({ at }) => at))
    this.#cluster.group(this.#groupId).leave(this.#member)
    this.#member.answers.complete()
    this.eventSubject.complete()
    this.#cluster.changed()
    await Promise.resolve()
  }

  /** For tests of session time-outs: takes the partitions away without asking. */
  lose(partitions: readonly TopicPartition[]): void {
    this.#member.answers.open({ type: 'revoke', partitions, lost: true })
  }

  #read(maxBytes: number): Poll {
    const fetched: Fetched[] = []
    const ends: EndOfPartition[] = []
    const errors: PartitionError[] = []
    let room = maxBytes
    for (const reading of this.#readings.values()) {
      if (reading.paused || reading.broken || room <= 0) continue
      const log = this.#logOf(reading)
      if (log === undefined || reading.position < log.start || reading.position > log.end) {
        reading.broken = true
        errors.push(outOfRange(reading))
        continue
      }
      const records: RecordView[] = []
      for (const record of log.records) {
        if (record.offset < reading.position) continue
        if (room <= 0 || records.length >= this.maxRecords) break
        records.push(record)
        room -= (record.key?.length ?? 0) + (record.value?.length ?? 0) + RECORD_OVERHEAD_BYTES
      }
      const last = records.at(-1)
      if (last !== undefined) {
        reading.position = nextOffset(last.offset)
        this.#held.records += records.length
        fetched.push({ ...reading.at, leaderEpoch: 0, payload: new FakePayload(records, this.#held) })
      }
      if (log.records.every(({ offset }) => offset < reading.position) && reading.toldEnd !== log.end) {
        reading.toldEnd = log.end
        reading.position = log.end
        ends.push({ ...reading.at, offset: log.end })
      }
    }
    return { fetched, ends, errors }
  }

  #logOf(reading: Reading): { start: number; end: number; records: RecordView[] } | undefined {
    return this.#cluster.topics().get(reading.at.topic)?.logs[reading.at.partition]
  }

  #setPaused(partitions: readonly TopicPartition[], paused: boolean): void {
    this.#checkOpen()
    checkPartitions(partitions)
    for (const partition of partitions) {
      const reading = this.#readings.get(partitionName(partition))
      if (reading !== undefined) reading.paused = paused
    }
  }

  #take(positions: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of positions) {
      const at = { topic, partition }
      this.#member.owned.set(partitionName(at), at)
      this.#readings.set(partitionName(at), { at, position: offset, paused: false, toldEnd: -1, broken: false })
    }
  }

  #drop(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      if (!this.#keepsOwned) this.#member.owned.delete(partitionName(partition))
      this.#readings.delete(partitionName(partition))
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw clientClosed({})
  }
}

/** With `auto.offset.reset=error` librdkafka stops the partition and says so. */
function outOfRange({ at, position }: Reading): PartitionError {
  return { ...at, offset: position, code: -140, name: '_AUTO_OFFSET_RESET', text: 'out of range', retriable: false }
}
