import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Batch } from '../model/batch.ts'
import { mapBatch } from './map-batch.ts'

/** Called once a batch on its way to the sink. Must not keep the batch. */
export type BatchHook = (batch: Batch) => void

/** Shows each batch to the hook; without one the batches pass untouched. */
export function traceBatch(hook: BatchHook | undefined): MonoTypeOperatorFunction<Batch> {
  if (hook === undefined) return (batches) => batches
  return mapBatch((batch) => {
    hook(batch)
    return batch
  })
}
