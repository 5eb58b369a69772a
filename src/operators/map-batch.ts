import { map } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Batch } from '../model/batch.ts'

/** `map` for batches: one for which `change` throws is dropped, because nobody else could give its records back. */
export function mapBatch(change: (batch: Batch) => Batch): MonoTypeOperatorFunction<Batch> {
  return map((batch) => {
    try {
      return change(batch)
    } catch (error) {
      batch.drop()
      throw error
    }
  })
}
