import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'
import { failureOf } from './client-errors.ts'
import type { ClientEvents } from './client-events.ts'
import { ErrorCode, errorName } from './error-codes.ts'
import type { NativeConsumer, RebalanceCallback } from './node-rdkafka-binding.ts'
import { RebalanceAnswers } from './rebalance-answers.ts'

/**
 * node-rdkafka's rebalance callback, as rebalances that are answered later.
 *
 * Invariant: no callback stays without an answer, or the group and `disconnect` wait for ever: a rebalance is open in
 * `answers`, or it has been answered here.
 */
export class GroupRebalances {
  /** Set when the handle is there: its callback must be known before. */
  handle: NativeConsumer | undefined
  isLost: () => boolean = () => false
  readonly answers: RebalanceAnswers
  readonly #events: ClientEvents
  #givingUp = false

  constructor(events: ClientEvents) {
    this.#events = events
    this.answers = new RebalanceAnswers({
      assign: (positions: readonly PartitionOffset[]) => this.handle?.incrementalAssign(positions),
      unassign: (partitions: readonly TopicPartition[]) => this.handle?.incrementalUnassign(partitions)
    })
  }

  readonly onNative: RebalanceCallback = (code, native) => {
    const partitions = native.map(({ topic, partition }) => ({ topic, partition }))
    if (this.#givingUp) {
      this.#decline(code, partitions)
    } else if (code === ErrorCode.assignPartitions) {
      this.answers.open({ type: 'assign', partitions, lost: false })
    } else if (code === ErrorCode.revokePartitions) {
      this.answers.open({ type: 'revoke', partitions, lost: this.isLost() })
    } else {
      this.#events.onError({ code, name: errorName(code), text: 'the rebalance of the group failed' })
      this.#unassignAll()
    }
  }

  /** Before a disconnect, which revokes everything and waits for the answers. */
  giveUp(): void {
    this.#givingUp = true
    for (const { partitions } of this.answers.unanswered) this.answers.unassign(partitions)
  }

  /** Assigning is refused once the disconnect has begun; then giving up everything is the answer. */
  #decline(code: number, partitions: readonly TopicPartition[]): void {
    try {
      if (code === ErrorCode.revokePartitions) this.handle?.incrementalUnassign(partitions)
      else this.handle?.incrementalAssign([])
    } catch {
      this.#unassignAll()
    }
  }

  #unassignAll(): void {
    try {
      this.handle?.unassign()
    } catch (error) {
      const { code, text } = failureOf(error)
      this.#events.onError({ code, name: errorName(code), text: `the assignment could not be given up: ${text}` })
    }
  }
}
