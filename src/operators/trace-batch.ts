import { tap } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Batch } from '../model/batch.ts'

/** Called once a batch on its way to the sink. Must not keep the batch. */
export type BatchHook = (batch: Batch) => void

/** Shows each batch to the hook; without one the batches pass untouched. */
export function traceBatch(hook: BatchHook | undefined): MonoTypeOperatorFunction<Batch> {
  return hook === undefined ? (batches) => batches : tap(hook)
}
