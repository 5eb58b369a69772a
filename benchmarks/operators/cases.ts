import { map, Subject } from 'rxjs'
import type { Observable, OperatorFunction } from 'rxjs'
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts'
import { commitCheckpoints } from '../../src/checkpoint/commit-checkpoints.ts'
import { partitionRoute } from '../../src/mapping/partition-route.ts'
import { Routes } from '../../src/mapping/routes.ts'
import type { Batch } from '../../src/model/batch.ts'
import type { Settlement } from '../../src/model/settlement.ts'
import { renameTopic } from '../../src/operators/rename-topic.ts'
import { routePartition } from '../../src/operators/route-partition.ts'
import { seekRange } from '../../src/operators/seek-range.ts'
import { traceBatch } from '../../src/operators/trace-batch.ts'
import { CopyRanges } from '../../src/pipeline/copy-ranges.ts'
import { batchSink } from '../../src/sink/batch-sink.ts'
import { TargetLoad } from '../../src/sink/target-load.ts'
import { endlessConsumer, instantProducer, runMirror } from './pipeline-case.ts'
import { makeBatches, PARTITIONS, RECORDS, SOURCE_TOPIC, SOURCES, TARGET_TOPIC } from './weightless-batches.ts'

/** Something whose cost per batch is measured. */
export interface OperatorCase {
  readonly name: string
  /**
   * Makes what one run needs and hands back the run, which is what is measured. The run resolves (or returns) when all
   * batches are through, and throws when the outcome is wrong.
   */
  prepare(count: number): () => void | Promise<void>
}

/** RxJS alone: what every operator costs because it is one. */
export const CONTROL: OperatorCase = operatorCase('control: RxJS map, nothing changed', () => map((batch) => batch))

export const CASES: readonly OperatorCase[] = [
  CONTROL,
  operatorCase('seekRange', () => {
    const ranges = new CopyRanges(() => undefined)
    for (const source of SOURCES) ranges.set(source, { from: 0, to: Infinity, before: Infinity })
    return seekRange(ranges)
  }),
  operatorCase(
    'renameTopic',
    () => renameTopic(routes()),
    (batch) => batch.targetTopic === TARGET_TOPIC
  ),
  operatorCase(
    'routePartition',
    () => {
      const known = routes()
      const route = partitionRoute('same')
      return routePartition(({ source }) => route(known.of(source.topic), source.partition))
    },
    ({ targetPartition, source }) => targetPartition === source.partition
  ),
  operatorCase('traceBatch, no hook', () => traceBatch(undefined)),
  operatorCase('traceBatch, a hook that does nothing', () => traceBatch(() => undefined)),
  {
    name: 'batchSink',
    prepare(count) {
      let settled = 0
      const batches = makeBatches(count, () => settled++).map((batch) =>
        batch.toTopic(TARGET_TOPIC).toPartition(batch.source.partition)
      )
      const producer = instantProducer()
      const sink = batchSink({
        send: (payload, _source, target) => producer.send(payload, target),
        load: new TargetLoad(),
        laneOf: ({ partition }) => partition
      })
      return async () => {
        await passThroughAll(batches, sink)
        if (settled !== count) throw new Error(`${settled} of ${count} batches were settled`)
      }
    }
  },
  {
    name: 'commitCheckpoints',
    prepare(count) {
      const settlement: Settlement = { delivered: RECORDS, altered: 0, runs: [] }
      const settled = makeBatches(count).map((batch) => ({ batch, result: settlement }))
      const checkpoints = new Checkpoints(endlessConsumer())
      for (const source of SOURCES) checkpoints.add({ ...source, offset: 0 }, true)
      const operator = commitCheckpoints<(typeof settled)[number]>(checkpoints, {
        intervalMs: 5000,
        onCommitFailed: () => undefined
      })
      return () => {
        passThrough(settled, operator)
        const covered = SOURCES.reduce((sum, source) => sum + (checkpoints.of(source) ?? 0), 0)
        if (covered !== count * RECORDS) throw new Error(`${covered} records are below the checkpoints`)
      }
    }
  },
  { name: "all of a worker's mirror", prepare: (count) => async () => runMirror(count) },
  { name: 'the same, offset pairs kept', prepare: (count) => async () => runMirror(count, { keepsPairs: true }) },
  { name: 'the same, traces at 1 %', prepare: (count) => async () => runMirror(count, { traceRatio: 0.01 }) },
  { name: 'the same, every batch traced', prepare: (count) => async () => runMirror(count, { traceRatio: 1 }) }
]

function routes(): Routes {
  const known = new Routes()
  known.set({ source: SOURCE_TOPIC, target: TARGET_TOPIC, targetPartitions: PARTITIONS })
  return known
}

/** One operator between a source that pushes and a subscriber that looks at the last batch. */
function operatorCase(
  name: string,
  make: () => OperatorFunction<Batch, Batch>,
  isRight: (batch: Batch) => boolean = () => true
): OperatorCase {
  return {
    name,
    prepare(count) {
      const batches = makeBatches(count)
      const operator = make()
      return () => {
        const last = passThrough(batches, operator)
        if (!isRight(last)) throw new Error(`${name} did not do its work`)
      }
    }
  }
}

/** Returns the last that came out; throws unless as many came out as went in. */
function passThrough<In, Out>(items: readonly In[], operator: OperatorFunction<In, Out>): Out {
  const source = new Subject<In>()
  let last: Out | undefined
  let count = 0
  const subscription = source.pipe(operator).subscribe((item) => {
    last = item
    count++
  })
  for (const item of items) source.next(item)
  subscription.unsubscribe()
  if (last === undefined || count !== items.length) throw new Error(`${count} of ${items.length} came out`)
  return last
}

/** Likewise for one that takes its time: as many at once as a worker has in flight. */
async function passThroughAll<In, Out>(items: readonly In[], operator: OperatorFunction<In, Out>): Promise<void> {
  const source = new Subject<In>()
  let count = 0
  let pushed = 0
  await new Promise<void>((resolve, reject) => {
    const results: Observable<Out> = source.pipe(operator)
    results.subscribe({
      next: () => {
        if (++count === items.length) resolve()
        // Not from within the operator: a source has turns of its own.
        else if (count === pushed) queueMicrotask(pushSome)
      },
      error: reject
    })
    const pushSome = (): void => {
      const some = items.slice(pushed, pushed + IN_FLIGHT_BATCHES)
      pushed += some.length
      for (const item of some) source.next(item)
    }
    pushSome()
  })
}

const IN_FLIGHT_BATCHES = 64
