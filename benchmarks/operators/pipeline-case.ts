import { NEVER } from 'rxjs'
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts'
import type { BatchConsumer, BatchProducer, Poll } from '../../src/client/types.ts'
import { partitionRoute } from '../../src/mapping/partition-route.ts'
import { Routes } from '../../src/mapping/routes.ts'
import type { BatchPayload } from '../../src/model/batch.ts'
import type { Settlement } from '../../src/model/settlement.ts'
import { mirrorPipeline } from '../../src/pipeline/mirror-pipeline.ts'
import { CopyRanges } from '../../src/pipeline/copy-ranges.ts'
import { TargetRoom } from '../../src/pipeline/target-room.ts'
import { FirstAlone } from '../../src/sink/first-alone.ts'
import { TargetLoad } from '../../src/sink/target-load.ts'
import { Demand } from '../../src/source/demand.ts'
import { Readers } from '../../src/source/readers.ts'
import { PARTITIONS, RECORDS, SOURCE_TOPIC, SOURCES, TARGET_TOPIC, WeightlessPayload } from './weightless-batches.ts'

const IN_FLIGHT_BYTES = 200 * 1024 * 1024
const POLL_BYTES = 4 * 1024 * 1024

/** A source that always has a batch of every partition, and takes every commit. */
export function endlessConsumer(): BatchConsumer {
  const offsets = SOURCES.map(() => 0)
  const refuse = (): never => {
    throw new Error('nothing of this is called')
  }
  return {
    events: NEVER,
    rebalances: NEVER,
    async poll(): Promise<Poll> {
      const fetched = SOURCES.map((source, index) => {
        const from = offsets[index] ?? 0
        offsets[index] = from + RECORDS
        return { ...source, leaderEpoch: 0, payload: new WeightlessPayload(from) }
      })
      return { fetched, ends: [], errors: [] }
    },
    async commit(positions) {
      return positions.map(({ topic, partition, offset }) => ({ topic, partition, offset, code: 0, name: 'NO_ERROR' }))
    },
    pause: refuse,
    resume: refuse,
    subscribe: refuse,
    unsubscribe: refuse,
    assign: refuse,
    unassign: refuse,
    seek: refuse,
    heldRecords: () => 0,
    close: async () => undefined
  }
}

/** A target that has everything at once. */
export function instantProducer(): BatchProducer {
  const refuse = (): never => {
    throw new Error('nothing of this is called')
  }
  return {
    events: NEVER,
    send: async (payload) => delivered(payload),
    unblock: refuse,
    refresh: refuse,
    outstandingRecords: () => 0,
    close: async () => undefined
  }
}

function delivered({ firstOffset, count }: BatchPayload): Settlement {
  return { delivered: count, altered: 0, runs: [{ sourceOffset: firstOffset, targetOffset: firstOffset, count }] }
}

/** The whole pipeline as a worker has it, between clients that cost nothing. Ends when `count` batches are settled. */
export async function runPipeline(count: number): Promise<void> {
  const consumer = endlessConsumer()
  const producer = instantProducer()
  const demand = new Demand(IN_FLIGHT_BYTES)
  const readers = new Readers(demand)
  const checkpoints = new Checkpoints(consumer)
  const routes = new Routes()
  const ranges = new CopyRanges(() => undefined)
  const load = new TargetLoad()
  const firstAlone = new FirstAlone()
  const room = new TargetRoom('same', routes, load, () => demand.partitionShare(readers.size))
  const route = partitionRoute('same')
  routes.set({ source: SOURCE_TOPIC, target: TARGET_TOPIC, targetPartitions: PARTITIONS })
  for (const source of SOURCES) {
    ranges.set(source, { from: 0, to: Infinity, before: Infinity })
    readers.add({ ...source, offset: 0 })
    checkpoints.add({ ...source, offset: 0 }, true)
  }
  let settled = 0
  await new Promise<void>((resolve, reject) => {
    const ended = (): void => {
      const covered = SOURCES.reduce((sum, source) => sum + (checkpoints.of(source) ?? 0), 0)
      if (covered === settled * RECORDS) resolve()
      else reject(new Error(`${settled} batches are settled, ${covered} records are below the checkpoints`))
    }
    const subscription = mirrorPipeline({
      consumer,
      readers,
      demand,
      ranges,
      routes,
      routeOf: ({ source }) => route(routes.of(source.topic), source.partition),
      checkpoints,
      source: {
        pollBytes: POLL_BYTES,
        pollTimeoutMs: 100,
        maxHoldMs: 1000,
        pauseAfterMs: 5000,
        seekTimeoutMs: 1000,
        targetIsFull: (source) => room.isFullFor(source),
        onPartitionError: ({ text }) => reject(new Error(text)),
        onEnd: ended
      },
      sink: {
        producer: () => firstAlone.of(producer),
        load,
        laneOf: (source) => readers.get(source)?.lane ?? -1
      },
      commit: { intervalMs: 5000, onCommitFailed: reject },
      hook: undefined
    }).subscribe({
      next: () => {
        if (++settled >= count) subscription.unsubscribe()
      },
      error: reject
    })
  })
}
