import { partitionName, type TopicPartition } from '../../src/model/topic-partition.ts'
import type { RebalanceAnswers } from '../../src/client/rebalance-answers.ts'

export interface FakeMember {
  topics: readonly string[]
  readonly owned: Map<string, TopicPartition>
  readonly answers: RebalanceAnswers
}

/**
 * A consumer group with cooperative assignment.
 *
 * Invariant: a partition is owned by one member at most: it is offered to the next only when the one before gave it up.
 */
export class FakeGroup {
  readonly members: FakeMember[] = []
  readonly #partitionsOf: (topic: string) => number
  #wanted = new Map<FakeMember, Map<string, TopicPartition>>()

  constructor(partitionsOf: (topic: string) => number) {
    this.#partitionsOf = partitionsOf
  }

  join(member: FakeMember): void {
    if (!this.members.includes(member)) this.members.push(member)
    this.rebalance()
  }

  leave(member: FakeMember): void {
    const index = this.members.indexOf(member)
    if (index >= 0) this.members.splice(index, 1)
    this.#wanted.delete(member)
    this.rebalance()
  }

  /** Deals the partitions anew: what a member has stays where it is as far as that is fair. */
  rebalance(): void {
    this.#wanted = new Map(this.members.map((member) => [member, new Map<string, TopicPartition>()]))
    for (const topic of new Set(this.members.flatMap(({ topics }) => topics))) {
      const readers = this.members.filter(({ topics }) => topics.includes(topic))
      const count = this.#partitionsOf(topic)
      const share = Math.ceil(count / readers.length)
      const dealt = new Map(readers.map((reader) => [reader, 0]))
      for (let partition = 0; partition < count; partition++) {
        const name = partitionName({ topic, partition })
        const hasRoom = (reader: FakeMember): boolean => (dealt.get(reader) ?? 0) < share
        const reader = readers.find((one) => one.owned.has(name) && hasRoom(one)) ?? readers.find(hasRoom)
        if (reader === undefined) continue
        dealt.set(reader, (dealt.get(reader) ?? 0) + 1)
        this.#wanted.get(reader)?.set(name, { topic, partition })
      }
    }
  }

  /** What a member's poll does for the group: one rebalance at a time. */
  serve(member: FakeMember): void {
    if (member.answers.unanswered.length > 0) return
    const wanted = this.#wanted.get(member) ?? new Map<string, TopicPartition>()
    const tooMany = [...member.owned].filter(([name]) => !wanted.has(name)).map(([, partition]) => partition)
    if (tooMany.length > 0) {
      member.answers.open({ type: 'revoke', partitions: tooMany, lost: false })
      return
    }
    const taken = new Set(this.members.flatMap(({ owned }) => [...owned.keys()]))
    const free = [...wanted].filter(([name]) => !taken.has(name)).map(([, partition]) => partition)
    if (free.length > 0) member.answers.open({ type: 'assign', partitions: free, lost: false })
  }
}
