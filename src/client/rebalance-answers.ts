import { Observable, Subject } from 'rxjs'
import { partitionName, type PartitionOffset, type TopicPartition } from '../model/topic-partition.ts'
import type { Rebalance } from './types.ts'

/** How an answer reaches librdkafka. */
export interface AssignmentCalls {
  assign(positions: readonly PartitionOffset[]): void
  unassign(partitions: readonly TopicPartition[]): void
}

interface OpenRebalance {
  readonly rebalance: Rebalance
  readonly open: Set<string>
  readonly positions: PartitionOffset[]
  readonly gone: TopicPartition[]
}

/**
 * Lets a rebalance be answered piece by piece.
 *
 * Invariant: librdkafka sees one call for each rebalance, when all its partitions are answered for: it takes the first
 * `incremental_assign` or `incremental_unassign` after its callback for the whole answer and goes on with the group.
 * So while one is open, calls of its kind are gathered, also for partitions that are not part of it.
 */
export class RebalanceAnswers {
  readonly #calls: AssignmentCalls
  readonly #opened = new Subject<Rebalance>()
  #current: OpenRebalance[] = []

  /** Rebalances that are still unanswered are told again to who subscribes late. */
  readonly stream: Observable<Rebalance> = new Observable((subscriber) => {
    for (const { rebalance } of this.#current) subscriber.next(rebalance)
    return this.#opened.subscribe(subscriber)
  })

  constructor(calls: AssignmentCalls) {
    this.#calls = calls
  }

  get unanswered(): readonly Rebalance[] {
    return this.#current.map(({ rebalance }) => rebalance)
  }

  open(rebalance: Rebalance): void {
    this.#current.push({
      rebalance,
      open: new Set(rebalance.partitions.map(partitionName)),
      positions: [],
      gone: []
    })
    this.#opened.next(rebalance)
  }

  assign(positions: readonly PartitionOffset[]): void {
    const waiting = this.#waiting('assign')
    if (waiting === undefined) {
      if (positions.length > 0) this.#calls.assign(positions)
      return
    }
    waiting.positions.push(...positions)
    this.#answered(waiting, positions)
  }

  /** Of partitions that are just being assigned: they won't be read. */
  unassign(partitions: readonly TopicPartition[]): void {
    const assigning = this.#waiting('assign')
    const declined = partitions.filter((partition) => assigning?.open.has(partitionName(partition)) === true)
    const owned = partitions.filter((partition) => !declined.includes(partition))
    if (assigning !== undefined && declined.length > 0) this.#answered(assigning, declined)

    const revoking = this.#waiting('revoke')
    if (revoking !== undefined) {
      revoking.gone.push(...owned)
      this.#answered(revoking, owned)
    } else if (owned.length > 0) {
      this.#calls.unassign(owned)
    }
  }

  complete(): void {
    this.#opened.complete()
  }

  #waiting(type: Rebalance['type']): OpenRebalance | undefined {
    return this.#current.find(({ rebalance }) => rebalance.type === type)
  }

  #answered(waiting: OpenRebalance, partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) waiting.open.delete(partitionName(partition))
    if (waiting.open.size > 0) return
    this.#current = this.#current.filter((other) => other !== waiting)
    if (waiting.rebalance.type === 'assign') this.#calls.assign(waiting.positions)
    else this.#calls.unassign(waiting.gone)
  }
}
