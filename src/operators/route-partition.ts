import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Batch } from '../model/batch.ts'
import { mapBatch } from './map-batch.ts'

/** Gives each batch the target partition that the route chooses for it, as a whole. */
export function routePartition(route: (batch: Batch) => number): MonoTypeOperatorFunction<Batch> {
  return mapBatch((batch) => batch.toPartition(route(batch)))
}
