import type { Batch } from '../model/batch.ts'
import { deliveredEnd, type Settlement } from '../model/settlement.ts'
import { partitionName, type PartitionOffset } from '../model/topic-partition.ts'

/** Up to where each target partition has acknowledged records of this worker: the offset behind the newest. */
export class DeliveredEnds {
  readonly #byName = new Map<string, PartitionOffset>()

  settled({ targetTopic, targetPartition }: Batch, result: Settlement): void {
    const offset = deliveredEnd(result)
    if (offset === undefined || targetTopic === undefined || targetPartition === undefined) return
    const at = { topic: targetTopic, partition: targetPartition, offset }
    this.#byName.set(partitionName(at), at)
  }

  all(): readonly PartitionOffset[] {
    return [...this.#byName.values()]
  }
}
