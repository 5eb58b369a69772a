import type { Batch } from '../model/batch.ts'
import type { Settlement } from '../model/settlement.ts'
import { partitionName, type PartitionOffset } from '../model/topic-partition.ts'

/** Up to where each target partition has acknowledged records of this worker: the offset behind the newest. */
export class DeliveredEnds {
  readonly #byName = new Map<string, PartitionOffset>()

  settled({ targetTopic, targetPartition }: Batch, { runs }: Settlement): void {
    const last = runs.at(-1)
    if (last === undefined || last.targetOffset < 0 || targetTopic === undefined || targetPartition === undefined)
      return
    const at = { topic: targetTopic, partition: targetPartition, offset: last.targetOffset + last.count }
    this.#byName.set(partitionName(at), at)
  }

  all(): readonly PartitionOffset[] {
    return [...this.#byName.values()]
  }
}
