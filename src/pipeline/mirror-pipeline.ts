import type { Observable } from 'rxjs'
import type { CommitOptions } from '../checkpoint/commit-checkpoints.ts'
import { commitCheckpoints } from '../checkpoint/commit-checkpoints.ts'
import type { Checkpoints } from '../checkpoint/checkpoints.ts'
import type { BatchConsumer } from '../client/types.ts'
import type { Routes } from '../mapping/routes.ts'
import type { Batch } from '../model/batch.ts'
import { findHoles, type HoleRules } from '../operators/find-holes.ts'
import { renameTopic } from '../operators/rename-topic.ts'
import { routePartition } from '../operators/route-partition.ts'
import type { RangeTable } from '../operators/seek-range.ts'
import { seekRange } from '../operators/seek-range.ts'
import type { BatchHook } from '../operators/trace-batch.ts'
import { traceBatch } from '../operators/trace-batch.ts'
import type { BatchSinkOptions, SettledBatch } from '../sink/batch-sink.ts'
import { batchSink } from '../sink/batch-sink.ts'
import type { BatchSourceOptions } from '../source/batch-source.ts'
import { batchSource } from '../source/batch-source.ts'
import type { Demand } from '../source/demand.ts'
import type { Readers } from '../source/readers.ts'

export interface PipelineParts {
  readonly consumer: BatchConsumer
  readonly readers: Readers
  readonly demand: Demand
  readonly ranges: RangeTable
  readonly holes: HoleRules
  readonly routes: Routes
  readonly routeOf: (batch: Batch) => number
  readonly checkpoints: Checkpoints
  readonly source: BatchSourceOptions
  readonly sink: BatchSinkOptions
  readonly commit: CommitOptions
  readonly hook: BatchHook | undefined
}

/** The way of a batch, from the source cluster to the target and back as a checkpoint. Emits what became of each. */
export function mirrorPipeline(parts: PipelineParts): Observable<SettledBatch> {
  return batchSource(parts.consumer, parts.readers, parts.demand, parts.source).pipe(
    seekRange(parts.ranges),
    findHoles(parts.holes),
    renameTopic(parts.routes),
    routePartition(parts.routeOf),
    traceBatch(parts.hook),
    batchSink(parts.sink),
    commitCheckpoints(parts.checkpoints, parts.commit)
  )
}
