import { mergeMap } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { SendTarget } from '../client/types.ts'
import type { Batch, BatchPayload } from '../model/batch.ts'
import { MillraceError } from '../model/millrace-error.ts'
import { NOTHING_TO_DELIVER } from '../model/settlement.ts'
import type { Settlement } from '../model/settlement.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { TargetLoad } from './target-load.ts'

/** A batch and what became of it. The batch has been settled and its records are gone. */
export interface SettledBatch {
  readonly batch: Batch
  readonly result: Settlement
  /** Delivered, keys and values; an estimate for a batch that was delivered in part. */
  readonly bytes: number
  /** Of the first record as the batch came, whatever was taken out of it on the way; -1 = none. */
  readonly firstTimestamp: number
}

export interface BatchSinkOptions {
  /** As `BatchProducer.send`, of records of this source partition. */
  readonly send: (payload: BatchPayload, source: TopicPartition, target: SendTarget) => Promise<Settlement>
  /** Resolves when it is on record that the timestamps of delivered records were not kept. */
  readonly altered?: (source: TopicPartition, target: TopicPartition, result: Settlement) => Promise<Settlement>
  readonly load: TargetLoad
  /** The lane of a source partition (see SendTarget). */
  readonly laneOf: (source: TopicPartition) => number
}

/**
 * Delivers batches and settles them. Batches of one source partition are sent in order and reach one target partition
 * in that order; results come out as they come in, in any order across partitions. A batch that fails is an output
 * like any other: nothing that happens to records is an error of the stream.
 */
export function batchSink(options: BatchSinkOptions): OperatorFunction<Batch, SettledBatch> {
  return mergeMap((batch) => deliver(batch, options), UNBOUNDED_BECAUSE_DEMAND_BOUNDS_IT)
}

const UNBOUNDED_BECAUSE_DEMAND_BOUNDS_IT = Number.POSITIVE_INFINITY

/** One promise from here to the producer: every further one costs each batch. */
async function deliver(batch: Batch, options: BatchSinkOptions): Promise<SettledBatch> {
  const { payload, count, bytes, charge, times } = batch
  const firstTimestamp = payload?.firstTimestamp ?? -1
  try {
    let result = NOTHING_TO_DELIVER
    if (payload !== undefined) {
      const { send, altered, load, laneOf } = options
      const { topic, partition } = targetOf(batch)
      const target = { topic, partition, lane: laneOf(batch.source) }
      load.add(target, charge)
      times.sent = performance.now()
      try {
        result = await send(payload, batch.source, target)
        if (altered !== undefined && result.altered > 0) result = await altered(batch.source, target, result)
      } finally {
        times.delivered = performance.now()
        load.remove(target, charge)
      }
    }
    batch.settle(result)
    const delivered = result.delivered === count ? bytes : Math.round((bytes * result.delivered) / count)
    return { batch, result, bytes: delivered, firstTimestamp }
  } catch (error) {
    batch.drop()
    throw error
  }
}

function targetOf(batch: Batch): TopicPartition {
  const { targetTopic, targetPartition } = batch
  if (targetTopic === undefined || targetPartition === undefined) {
    throw new MillraceError({
      code: 'MR_NOT_ROUTED',
      kind: 'internal',
      message: 'A batch reached the sink without a target topic and partition.',
      next: 'Put renameTopic and routePartition before the sink.',
      place: { cluster: 'source', ...batch.source, offset: batch.from }
    })
  }
  return { topic: targetTopic, partition: targetPartition }
}
