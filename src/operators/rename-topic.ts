import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Routes } from '../mapping/routes.ts'
import type { Batch } from '../model/batch.ts'
import { mapBatch } from './map-batch.ts'

/** Gives each batch the target topic of its source topic. Errors when a topic has no route. */
export function renameTopic(routes: Routes): MonoTypeOperatorFunction<Batch> {
  return mapBatch((batch) => batch.toTopic(routes.of(batch.source.topic).target))
}
