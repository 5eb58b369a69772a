import type { FoundLoss } from '../model/loss.ts'
import { describeOffsets } from '../model/offset-range.ts'
import { partitionName, type PartitionOffset } from '../model/topic-partition.ts'

/** A target partition as the cluster shows it; undefined = its topic is not there. */
export interface TargetView {
  /** Of the log, open transactions included. */
  readonly end: number
  readonly topicId?: string | undefined
}

export interface DeliveredSoFar extends PartitionOffset {
  readonly topicId?: string | undefined
}

/**
 * Whether the target still has what it acknowledged, judged by where its log ends.
 *
 * @param delivered the offset behind the last record that was acknowledged
 */
export function findTargetLoss(delivered: DeliveredSoFar, now: TargetView | undefined): FoundLoss | undefined {
  const { topic, offset, topicId } = delivered
  const name = partitionName(delivered)
  if (now === undefined) return targetDeleted(topic, offset)
  if (topicId !== undefined && now.topicId !== undefined && topicId !== now.topicId) {
    return {
      kind: 'target-deleted',
      message: `LOSS: target topic ${topic} was deleted and made again: ${describeOffsets({ from: 0, to: offset })} of ${name}, which it had acknowledged, are gone.`
    }
  }
  if (now.end >= offset) return undefined
  const lost = describeOffsets({ from: now.end, to: offset })
  return {
    kind: 'target-lost',
    message: `LOSS: the target lost what it had acknowledged: ${lost} of ${name}, which ends at ${now.end}.`
  }
}

export function targetDeleted(topic: string, delivered?: number): FoundLoss {
  const what =
    delivered === undefined ? 'what was copied' : `what was copied, up to offset ${delivered} of a partition,`
  return { kind: 'target-deleted', message: `LOSS: target topic ${topic} was deleted: ${what} is gone with it.` }
}
