import { trace } from '@opentelemetry/api'
import { NEVER, of } from 'rxjs'
import type { BatchConsumer, BatchProducer, Poll } from '../../src/client/types.ts'
import type { BatchPayload } from '../../src/model/batch.ts'
import { type DeliveredRuns, NUMBERS_OF_RUN } from '../../src/model/offset-pairs.ts'
import type { Settlement } from '../../src/model/settlement.ts'
import { Mirror } from '../../src/pipeline/mirror.ts'
import { BatchTracer } from '../../src/telemetry/traces/batch-tracer.ts'
import { traceSampling } from '../../src/telemetry/traces/trace-sampling.ts'
import { PARTITIONS, RECORDS, SOURCE_TOPIC, SOURCES, TARGET_TOPIC, WeightlessPayload } from './weightless-batches.ts'

const IN_FLIGHT_BYTES = 200 * 1024 * 1024
const POLL_BYTES = 4 * 1024 * 1024
const STOP_TIMEOUT_MS = 10_000

/** A source that always has a batch of every partition, and takes every commit. */
export function endlessConsumer(): BatchConsumer {
  const offsets = SOURCES.map(() => 0)
  return {
    events: NEVER,
    rebalances: of({ type: 'assign', partitions: SOURCES, lost: false }),
    async poll(): Promise<Poll> {
      // As the native part answers: in a turn of the event loop of its own.
      await new Promise((resolve) => setImmediate(resolve))
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
    pause: () => undefined,
    resume: () => undefined,
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    assign: () => undefined,
    unassign: () => undefined,
    seek: async () => undefined,
    digest: async () => ({ digests: [], ends: [], errors: [] }),
    heldRecords: () => 0,
    close: async () => undefined
  }
}

/** A target that has everything at once. */
export function instantProducer(onSent: () => void = () => undefined): BatchProducer {
  return {
    events: NEVER,
    async send(payload) {
      onSent()
      return delivered(payload)
    },
    sendRecord: async ({ offset }) => ({
      delivered: 1,
      altered: 0,
      runs: [{ sourceOffset: offset, targetOffset: offset, count: 1 }]
    }),
    unblock: () => undefined,
    refresh: async (topics) => new Map(topics.map((topic) => [topic, PARTITIONS])),
    outstandingRecords: () => 0,
    close: async () => undefined
  }
}

function delivered({ firstOffset, count }: BatchPayload): Settlement {
  return { delivered: count, altered: 0, runs: [{ sourceOffset: firstOffset, targetOffset: firstOffset, count }] }
}

/** All that a worker runs, between clients that cost nothing, until `count` batches were sent. */
export async function runMirror(
  count: number,
  { traceRatio, keepsPairs = false }: { readonly traceRatio?: number; readonly keepsPairs?: boolean } = {}
): Promise<void> {
  let sent = 0
  let pairs = 0
  const { promise: enough, resolve, reject } = deferred()
  const producer = instantProducer(() => {
    if (++sent === count) resolve()
  })
  const mirror = new Mirror(endlessConsumer(), producer, {
    policy: 'same',
    inFlightBytes: IN_FLIGHT_BYTES,
    pollBytes: POLL_BYTES,
    pollTimeoutMs: 100,
    commitIntervalMs: 5000,
    drainTimeoutMs: STOP_TIMEOUT_MS,
    prepare: async () => SOURCES.map((source) => ({ ...source, ...TO_COPY, ...(keepsPairs && { generation: 1 }) })),
    ...(keepsPairs && {
      keepPairs: async (delivered: readonly DeliveredRuns[]) => {
        for (const { runs } of delivered) pairs += runs[NUMBERS_OF_RUN - 1] ?? 0
      }
    }),
    createProducer: async () => producer,
    tracer: traceRatio === undefined ? undefined : tracerFor(traceRatio),
    onEvent: ({ type }) => {
      if (type !== 'assigned') reject(new Error(`the mirror says ${type}`))
    },
    onClientEvent: () => undefined,
    onFailed: reject
  })
  mirror.start()
  mirror.subscribe([SOURCE_TOPIC])
  await enough
  const mayRepeat = await mirror.stop(STOP_TIMEOUT_MS)
  const { partitions } = mirror.status()
  const records = partitions.reduce((sum, partition) => sum + partition.records, 0)
  const committed = partitions.reduce((sum, partition) => sum + partition.committed, 0)
  if (records < count * RECORDS || committed !== records || mayRepeat.length > 0) {
    throw new Error(`${count} batches were sent, ${records} records counted, ${committed} committed`)
  }
  if (keepsPairs && pairs !== records) throw new Error(`${records} records have ${pairs} pairs`)
}

/** Chooses and describes as a worker's does; the spans go to OpenTelemetry's own API without an SDK, which keeps nothing. */
function tracerFor(ratio: number): BatchTracer {
  return new BatchTracer({
    tracer: trace.getTracer('bench'),
    sampling: traceSampling({ ratio, always: [], failed: true }),
    maxLinks: 8,
    owner: { job: 'bench', worker: 0, groupId: 'bench' },
    onTraced: () => undefined
  })
}

const TO_COPY = { target: TARGET_TOPIC, targetPartitions: PARTITIONS, start: 0, committed: true }

function deferred() {
  let resolve: () => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<void>((onResolved, onRejected) => {
    resolve = onResolved
    reject = onRejected
  })
  return { promise, resolve, reject }
}
