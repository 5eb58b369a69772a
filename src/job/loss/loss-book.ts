import { judgeLoss, type LossCircumstances } from '../../control/judge-loss.ts'
import type { NoticedLoss } from '../../control/plan-partition.ts'
import type { PartitionPlan } from '../../control/plan-types.ts'
import type { FoundLoss, Loss, LossPolicy } from '../../model/loss.ts'
import type { StopReason } from '../../model/stop-reason.ts'
import { partitionName, type TopicPartition } from '../../model/topic-partition.ts'

/** A partition when it was last seen to be well. */
export interface LastSeen {
  readonly topicId?: string | undefined
  readonly log?: { readonly logStart: number; readonly end: number }
  readonly position?: number
}

/**
 * What a job knows of losses: how each partition looked last, which losses there were, and which partitions they stopped.
 *
 * Invariant: a partition that a loss has stopped stays stopped for as long as the job runs, whoever is given it; each loss
 * is told once.
 */
export class LossBook {
  readonly policyOf: (topic: string) => LossPolicy
  readonly #onLoss: (loss: Loss) => void
  readonly #seen = new Map<string, LastSeen>()
  readonly #stopped = new Map<string, StopReason>()
  readonly #noticed = new Map<string, NoticedLoss>()
  readonly #losses: Loss[] = []

  constructor(policyOf: (topic: string) => LossPolicy, onLoss: (loss: Loss) => void) {
    this.policyOf = policyOf
    this.#onLoss = onLoss
  }

  get losses(): readonly Loss[] {
    return this.#losses
  }

  seen(partition: TopicPartition): LastSeen {
    return this.#seen.get(partitionName(partition)) ?? {}
  }

  isWell(partition: TopicPartition, seen: LastSeen): void {
    this.#seen.set(partitionName(partition), seen)
  }

  /** Why the partition must not be read. */
  stopOf(partition: TopicPartition): StopReason | undefined {
    return this.#stopped.get(partitionName(partition))
  }

  /** What was noticed while the partition was copied, to be judged when it is prepared anew. */
  noticedOf(partition: TopicPartition): NoticedLoss | undefined {
    return this.#noticed.get(partitionName(partition))
  }

  notice(partition: TopicPartition, noticed: NoticedLoss): void {
    this.#noticed.set(partitionName(partition), noticed)
  }

  /** Returns what the loss means. `policy`: instead of the topic's. */
  lose(partition: TopicPartition, found: FoundLoss, more: Partial<LossCircumstances>): Loss {
    const loss = judgeLoss(partition, found, { policy: this.policyOf(partition.topic), ...more })
    this.#take(loss)
    return loss
  }

  /** A partition was planned, at the start or for a worker: where it begins, and what was lost of it until then. */
  planned(partition: TopicPartition, plan: PartitionPlan, topicId: string | undefined): void {
    const { start, logStart, end, loss } = plan
    this.#noticed.delete(partitionName(partition))
    // As long as the group has the old commit (a member of an earlier run may be in it still) the loss is found again.
    if (loss !== undefined && !this.#losses.some((told) => isSame(told, loss))) this.#take(loss)
    this.isWell(partition, { topicId, log: { logStart, end }, position: start })
  }

  #take(loss: Loss): void {
    if (loss.outcome === 'stopped') this.#stopped.set(partitionName(loss), loss.reason)
    this.#losses.push(loss)
    this.#onLoss(loss)
  }
}

function isSame(a: Loss, b: Loss): boolean {
  return partitionName(a) === partitionName(b) && a.message === b.message && a.outcome === b.outcome
}
