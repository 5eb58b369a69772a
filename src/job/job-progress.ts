import type { MayRepeat } from '../model/may-repeat.ts'
import type { StopReason } from '../model/stop-reason.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import { LAG_IS_OLD_AFTER_MS } from '../telemetry/metrics/job-metrics.ts'
import type { PartitionState, PartitionStatus } from '../pipeline/types.ts'

/** A partition over all workers that ever had it. */
export interface PartitionProgress extends TopicPartition {
  readonly target: string
  readonly state: PartitionState
  readonly reason?: StopReason
  /** Where this run began. */
  readonly from: number
  /** Everything below is delivered. */
  readonly to: number
  readonly committed: number
  /** Everything below was read by the worker that has it; what is above `to` is on its way. */
  readonly position: number
  readonly readRecords: number
  readonly readBytes: number
  /** Delivered. */
  readonly records: number
  readonly bytes: number
  readonly altered: number
  readonly deadLettered: number
  readonly skipped: number
  /** The source's end offset when last looked at; undefined = not yet. */
  readonly end?: number
  /** The source could not be asked for `end` for a while: how far the copy is behind is not known. */
  readonly endIsOld?: true
}

/** A partition that is being copied, as its worker told last. */
export interface ReadPartition extends TopicPartition {
  /** The next offset to read: everything below was handed on. */
  readonly position: number
  /** Nothing is fetched of it. */
  readonly idle: boolean
}

/** What the supervisor says of a partition, whatever its worker says. */
export interface Ruling {
  readonly state: 'stopped' | 'deleted'
  readonly reason: StopReason
  /** It is as it is allowed to be: nothing is left to do. */
  readonly accepted: boolean
}

export interface JobTotals {
  readonly records: number
  readonly bytes: number
  readonly altered: number
  readonly deadLettered: number
  readonly skipped: number
}

/**
 * What all workers of a job did, from their statuses.
 *
 * Invariant: counts are sums over worker processes, those that ended included: each process counts from 0, so a status
 * replaces the earlier one of the same process and partition and nothing else.
 */
export class JobProgress {
  /** By partition, then by worker process. */
  readonly #byPartition = new Map<string, Map<number, PartitionStatus>>()
  readonly #current = new Map<string, number>()
  readonly #ends = new Map<string, number>()
  readonly #rulings = new Map<string, Ruling>()
  readonly #now: () => number
  #endsAt = 0

  /** @param now a clock in ms that doesn't jump */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** @param process a number that names the worker process, never used again */
  record(process: number, statuses: readonly PartitionStatus[]): void {
    for (const status of statuses) {
      const name = partitionName(status)
      let byProcess = this.#byPartition.get(name)
      if (byProcess === undefined) this.#byPartition.set(name, (byProcess = new Map()))
      byProcess.set(process, status)
      if (status.state !== 'revoked' || !this.#current.has(name)) this.#current.set(name, process)
    }
  }

  /** End offsets of the source, by partition name. */
  recordEnds(ends: ReadonlyMap<string, number | undefined>): void {
    this.#endsAt = this.#now()
    for (const [name, end] of ends) if (end !== undefined) this.#ends.set(name, end)
  }

  rule(partition: TopicPartition, ruling: Ruling): void {
    this.#rulings.set(partitionName(partition), ruling)
  }

  /** The partition is taken up again. */
  lift(partition: TopicPartition): void {
    this.#rulings.delete(partitionName(partition))
  }

  /** Whether what keeps the partition from going on was accepted beforehand. */
  isAccepted(partition: TopicPartition): boolean {
    return this.#rulings.get(partitionName(partition))?.accepted === true
  }

  /** What is being copied at this moment. */
  reading(): ReadPartition[] {
    const reading: ReadPartition[] = []
    for (const [name, process] of this.#current) {
      const status = this.#readingOf(name, process)
      if (status === undefined) continue
      const { topic, partition, position, idle = false } = status
      reading.push({ topic, partition, position, idle })
    }
    return reading
  }

  /** Of a partition that is being copied at this moment. */
  positionOf(partition: TopicPartition): number | undefined {
    const name = partitionName(partition)
    return this.#readingOf(name, this.#current.get(name))?.position
  }

  #readingOf(name: string, process: number | undefined): PartitionStatus | undefined {
    const status = process === undefined ? undefined : this.#byPartition.get(name)?.get(process)
    return status?.state === 'copying' && !this.#rulings.has(name) ? status : undefined
  }

  stateOf(partition: TopicPartition): PartitionState | undefined {
    const name = partitionName(partition)
    const ruling = this.#rulings.get(name)
    if (ruling !== undefined) return ruling.state
    const process = this.#current.get(name)
    return process === undefined ? undefined : this.#byPartition.get(name)?.get(process)?.state
  }

  partitions(): PartitionProgress[] {
    const all: PartitionProgress[] = []
    const endIsOld = this.#now() - this.#endsAt > LAG_IS_OLD_AFTER_MS
    for (const [name, byProcess] of this.#byPartition) {
      const statuses = [...byProcess.values()]
      const current = byProcess.get(this.#current.get(name) ?? -1)
      if (current === undefined) continue
      const { topic, partition, target } = current
      const { state, reason } = this.#rulings.get(name) ?? current
      const end = this.#ends.get(name)
      all.push({
        topic,
        partition,
        target,
        state,
        ...(reason !== undefined && { reason }),
        from: Math.min(...statuses.map((status) => status.from)),
        to: Math.max(...statuses.map((status) => status.checkpoint)),
        committed: Math.max(...statuses.map((status) => status.committed)),
        position: current.position,
        readRecords: sum(statuses.map((status) => status.readRecords)),
        readBytes: sum(statuses.map((status) => status.readBytes)),
        records: sum(statuses.map((status) => status.records)),
        bytes: sum(statuses.map((status) => status.bytes)),
        altered: sum(statuses.map((status) => status.altered)),
        deadLettered: sum(statuses.map((status) => status.deadLettered)),
        skipped: sum(statuses.map((status) => status.skipped)),
        ...(end !== undefined && { end, ...(endIsOld && { endIsOld }) })
      })
    }
    return all.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition))
  }

  /** What a worker process delivered, or had on its way, above its commits when it was last heard of; less what another has. */
  uncommittedOf(process: number): MayRepeat[] {
    const uncommitted: MayRepeat[] = []
    for (const [name, byProcess] of this.#byPartition) {
      const status = this.#current.get(name) === process ? byProcess.get(process) : undefined
      if (status === undefined || status.state === 'revoked') continue
      const { topic, partition, position } = status
      // Before its first commit, where it began.
      const from = Math.max(status.committed, status.from)
      if (position > from) uncommitted.push({ topic, partition, from, to: position })
    }
    return uncommitted
  }

  totals(): JobTotals {
    let [records, bytes, altered, deadLettered, skipped] = [0, 0, 0, 0, 0]
    for (const byProcess of this.#byPartition.values()) {
      for (const status of byProcess.values()) {
        records += status.records
        bytes += status.bytes
        altered += status.altered
        deadLettered += status.deadLettered
        skipped += status.skipped
      }
    }
    return { records, bytes, altered, deadLettered, skipped }
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
