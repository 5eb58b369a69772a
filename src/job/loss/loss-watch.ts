import type { ClusterAdmin } from '../../client/types.ts'
import {
  findSourceLoss,
  holeFound,
  topicDeleted,
  type SinceLook,
  type LogView
} from '../../control/find-source-loss.ts'
import { findTargetLoss, targetDeleted } from '../../control/find-target-loss.ts'
import type { TopicPlan } from '../../control/plan-types.ts'
import type { FoundLoss, Loss, LossPolicy } from '../../model/loss.ts'
import type { PartitionPolicy } from '../../model/policies.ts'
import type { OffsetRange } from '../../model/offset-range.ts'
import type { StopReason } from '../../model/stop-reason.ts'
import { partitionName, type PartitionOffset, type TopicPartition } from '../../model/topic-partition.ts'
import type { JobProgress, ReadPartition } from '../job-progress.ts'
import { LogLooks } from './log-looks.ts'
import type { LossBook } from './loss-book.ts'
import { offsetsOf } from './offsets-of.ts'
import { presenceOf, type Presence } from './presence-of.ts'

export interface LossWatchOptions {
  readonly source: ClusterAdmin
  readonly target: ClusterAdmin
  readonly partitions: PartitionPolicy
  readonly book: LossBook
  readonly topics: () => readonly TopicPlan[]
  readonly progress: JobProgress
  /** Up to where target partitions have acknowledged what was sent. */
  readonly delivered: () => readonly PartitionOffset[]
  readonly stopPartitions: (partitions: readonly (TopicPartition & { readonly reason: StopReason })[]) => void
  readonly reassign: (partitions: readonly TopicPartition[]) => void
  /** Some partition will not go on. */
  readonly onStopped: () => void
}

/**
 * Compares, again and again, what both clusters show with what was copied.
 *
 * Invariant: what the workers have come to is noted before a cluster is asked, so it can't lie behind a bound that is
 * older than it. One check at a time. A partition that does not answer is left for the next check; the others are looked
 * at all the same.
 */
export class LossWatch {
  readonly #options: LossWatchOptions
  readonly #targetIds = new Map<string, string>()
  /** Acknowledgements that are known to be lost, by target partition: workers go on telling of them. */
  readonly #forgiven = new Map<string, number>()
  readonly #doubts = new Map<string, TopicPartition & { readonly reason: StopReason }>()
  readonly #looks: LogLooks
  #checking: Promise<void> = Promise.resolve()

  constructor(options: LossWatchOptions) {
    this.#options = options
    this.#looks = new LogLooks(options.source)
  }

  /** The reader of this partition has met something that may be a loss. If it is none, the partition stops for that. */
  doubt(partition: TopicPartition, reason: StopReason): void {
    this.#doubts.set(partitionName(partition), { ...partition, reason })
  }

  /** A worker has met offsets without a record in a topic that has one at each. */
  hole(partition: TopicPartition, hole: OffsetRange): void {
    const { book } = this.#options
    if (!this.#isCopied(partition)) return
    this.#end(partition, book.lose(partition, holeFound(partition, hole), { position: hole.from }))
  }

  get hasDoubts(): boolean {
    return this.#doubts.size > 0
  }

  /**
   * Partitions of topics without ids are about to be copied: the first look at their logs, so that a topic that is made
   * again before the first check is told apart. Where the source does not answer, the first check is the first look.
   */
  async look(partitions: readonly TopicPartition[]): Promise<void> {
    const look = this.#checking.then(async () => await this.#looks.first(partitions)).catch(() => undefined)
    this.#checking = look
    await look
  }

  /** Rejects where a cluster does not answer at all; then the next check asks again. */
  async check(): Promise<void> {
    const check = this.#checking.then(async () => await this.#check())
    this.#checking = check.catch(() => undefined)
    await check
  }

  async #check(): Promise<void> {
    const { progress, delivered } = this.#options
    const doubts = [...this.#doubts.values()]
    const acknowledged = delivered()
    const reading = progress.reading()
    await this.#checkSources(reading)
    await this.#checkTargets(acknowledged)
    this.#settleDoubts(doubts)
  }

  async #checkSources(reading: readonly ReadPartition[]): Promise<void> {
    const { source, topics } = this.#options
    const plans = topics()
    const presence = await presenceOf(
      source,
      plans.map((plan) => plan.source)
    )
    for (const plan of plans) if (presence.get(plan.source) === 'missing') this.#deleted(plan)
    const copied = reading.filter((partition) => {
      const topic = presence.get(partition.topic)
      const leader = typeof topic === 'object' ? topic.partitions[partition.partition]?.leader : undefined
      return leader !== undefined && leader >= 0 && this.#isCopied(partition)
    })
    const withoutId = copied.filter(({ topic }) => idOf(presence, topic) === undefined)
    const sinceLook = await this.#looks.since(withoutId)
    const time = Date.now()
    const starts = await offsetsOf(source, copied, 'earliest')
    const ends = await offsetsOf(source, copied, 'latest')
    await this.#looks.note(time, withoutId, ends)
    const again: TopicPartition[] = []
    for (const partition of copied) {
      const [logStart, end] = [starts.get(partitionName(partition)), ends.get(partitionName(partition))]
      if (logStart === undefined || end === undefined) continue
      const log = { logStart, end, topicId: idOf(presence, partition.topic) }
      if (this.#compare(partition, log, sinceLook.get(partitionName(partition)))) again.push(partition)
    }
    if (again.length > 0) this.#options.reassign(again)
  }

  /** Returns whether the partition is to begin anew. */
  #compare(read: ReadPartition, log: LogView, sinceLook: SinceLook | undefined): boolean {
    const { book } = this.#options
    const { topic, partition, position, idle } = read
    const at = { topic, partition }
    const seen = book.seen(at)
    const topicId = seen.topicId ?? log.topicId
    const found = findSourceLoss({ ...at, position, topicId, before: seen.log, sinceLook, mayHaveFetched: !idle }, log)
    if (found === undefined) {
      this.#doubts.delete(partitionName(at))
      book.isWell(at, { topicId, log, position })
      return false
    }
    return this.#lost(at, found)
  }

  /** Returns whether the partition is to begin anew: then the loss is told when it is known where. */
  #lost(at: TopicPartition, found: FoundLoss): boolean {
    const { book } = this.#options
    const position = this.#options.progress.positionOf(at)
    const good = book.seen(at).position
    const writtenSince = good === undefined || position === undefined ? undefined : { from: good, to: position }
    if (book.policyOf(at.topic) === 'continue') {
      this.#doubts.delete(partitionName(at))
      book.notice(at, { found, writtenSince })
      return true
    }
    this.#end(at, book.lose(at, found, { position, writtenSince }))
    return false
  }

  #deleted(plan: TopicPlan): void {
    const { book, progress } = this.#options
    for (const { partition } of plan.partitions) {
      const at = { topic: plan.source, partition }
      if (!this.#isCopied(at) || progress.stateOf(at) === 'deleted') continue
      const seen = book.seen(at)
      const position = this.#options.progress.positionOf(at) ?? seen.position ?? 0
      this.#end(at, book.lose(at, topicDeleted({ ...at, position, before: seen.log }), { position }))
    }
  }

  async #checkTargets(delivered: readonly PartitionOffset[]): Promise<void> {
    const { target, topics } = this.#options
    const presence = await presenceOf(target, [...new Set(topics().map((plan) => plan.target))])
    for (const [topic, now] of presence) {
      // It isn't made again silently: that is for the next start, if at all.
      if (now === 'missing') this.#stopAll(topic, targetDeleted(topic), { policy: 'stop' })
      if (typeof now !== 'object' || now.topicId === undefined) continue
      const known = this.#targetIds.get(topic)
      if (known === undefined) this.#targetIds.set(topic, now.topicId)
    }
    const present = delivered.filter(({ topic, partition }) => {
      const now = presence.get(topic)
      return typeof now === 'object' && (now.partitions[partition]?.leader ?? -1) >= 0
    })
    const ends = await offsetsOf(target, present, 'highWatermark')
    for (const at of present) {
      const now = presence.get(at.topic)
      const end = ends.get(partitionName(at))
      if (end === undefined || typeof now !== 'object' || this.#forgiven.get(partitionName(at)) === at.offset) continue
      const found = findTargetLoss({ ...at, topicId: this.#targetIds.get(at.topic) }, { end, topicId: now.topicId })
      if (found === undefined) continue
      this.#forgiven.set(partitionName(at), at.offset)
      if (found.kind === 'target-deleted') this.#stopAll(at.topic, found, { policy: 'stop' })
      else this.#stopAll(at.topic, found, { partition: at.partition })
    }
  }

  /** What goes to this target topic, or to this partition of it. */
  #stopAll(
    target: string,
    found: FoundLoss,
    { policy, partition: lost }: { readonly policy?: LossPolicy; readonly partition?: number }
  ): void {
    const { topics, book, partitions } = this.#options
    for (const plan of topics()) {
      if (plan.target !== target) continue
      for (const { partition } of plan.partitions) {
        const at = { topic: plan.source, partition }
        const elsewhere = lost !== undefined && partitions === 'same' && partition !== lost
        if (elsewhere || !this.#isCopied(at)) continue
        const more = { position: this.#options.progress.positionOf(at), ...(policy !== undefined && { policy }) }
        this.#end(at, book.lose(at, found, more))
      }
    }
  }

  #end(at: TopicPartition, { kind, outcome, reason }: Loss): void {
    const { progress, stopPartitions, onStopped } = this.#options
    this.#doubts.delete(partitionName(at))
    const accepted = outcome === 'continued'
    if (accepted && kind !== 'deleted') return
    progress.rule(at, { state: kind === 'deleted' ? 'deleted' : 'stopped', reason, accepted })
    stopPartitions([{ ...at, reason }])
    onStopped()
  }

  #settleDoubts(doubts: readonly (TopicPartition & { readonly reason: StopReason })[]): void {
    for (const doubt of doubts) {
      this.#doubts.delete(partitionName(doubt))
      // Those that turned out to be losses have been stopped, or begin anew.
      if (this.#options.book.noticedOf(doubt) === undefined && this.#isCopied(doubt)) {
        this.#options.stopPartitions([doubt])
      }
    }
  }

  #isCopied(at: TopicPartition): boolean {
    const state = this.#options.progress.stateOf(at)
    return state !== 'completed' && this.#options.book.stopOf(at) === undefined
  }
}

function idOf(presence: ReadonlyMap<string, Presence>, topic: string): string | undefined {
  const found = presence.get(topic)
  return typeof found === 'object' ? found.topicId : undefined
}
