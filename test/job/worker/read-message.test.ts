import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorOf } from '../../../src/job/error-report.ts'
import { JobProgress } from '../../../src/job/job-progress.ts'
import { readSupervisorMessage, readWorkerMessage } from '../../../src/job/worker/read-message.ts'
import type { WorkerMessage } from '../../../src/job/worker/worker-messages.ts'
import { NOTHING_COUNTED } from '../../../src/telemetry/metrics/add-counts.ts'
import { JobMetrics } from '../../../src/telemetry/metrics/job-metrics.ts'
import { statusOf } from '../statuses.ts'

// What one process says is what the other has to live with, however broken the first one is.

const PLACE = { topic: 'orders', partition: 1 }
const REASON = { code: 'MR_X', message: 'x', next: 'y', place: {} }

const FROM_WORKER: readonly WorkerMessage[] = [
  { type: 'ready' },
  { type: 'prepare', id: 3, partitions: [PLACE] },
  {
    type: 'status',
    status: {
      partitions: [statusOf(0), statusOf(1, { state: 'stopped' })],
      delivered: [{ ...PLACE, offset: 9 }],
      inFlightBytes: 1,
      inFlightLimit: 2,
      rssBytes: 3,
      metrics: {
        ...NOTHING_COUNTED,
        checkpointAge: 0,
        brokers: [
          { cluster: 'source', broker: 1, throttle: { average: 0, max: 0 }, retries: 0, connects: 1, disconnects: 0 }
        ]
      }
    }
  },
  { type: 'pairs', id: 4, delivered: [{ ...PLACE, generation: 1, runs: [0, 5, 6, 7] }] },
  { type: 'hole', partition: PLACE, hole: { from: 3, to: 4 } },
  { type: 'doubt', partition: PLACE, reason: REASON },
  { type: 'client-event', cluster: 'target', level: 'warn', text: 'x' },
  { type: 'export-problem', text: 'x' },
  { type: 'failed', error: { code: 'MR_X', kind: 'client', message: 'x', place: {} } },
  { type: 'stopped', mayRepeat: [{ ...PLACE, from: 1, to: 2 }] }
]

const FROM_SUPERVISOR: readonly object[] = [
  { type: 'prepared', id: 1, partitions: [{ ...PLACE, target: 't', targetPartitions: 1, start: 0, committed: false }] },
  { type: 'topics', topics: ['orders'] },
  { type: 'ends', ends: [{ ...PLACE, offset: 1 }] },
  { type: 'stop-partitions', partitions: [{ ...PLACE, reason: REASON }] },
  { type: 'reassign', partitions: [PLACE] },
  { type: 'stop', timeoutMs: 1 }
]

const json = fc.jsonValue({ maxDepth: 4 })

/** A message with some part of it replaced by something else, or removed. */
const broken = (messages: readonly object[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...messages), fc.array(fc.nat(20), { maxLength: 6 }), fc.option(json))
    .map(([message, path, put]) => {
      const copy = structuredClone(message) as Record<string, unknown>
      let at = copy
      let key = 'type'
      for (const step of path) {
        const keys = Object.keys(at)
        key = keys[step % Math.max(1, keys.length)] ?? 'type'
        const next = at[key]
        if (typeof next !== 'object' || next === null) break
        at = next as Record<string, unknown>
        key = Object.keys(at)[0] ?? 'type'
      }
      if (put === null) delete at[key]
      else at[key] = put
      return JSON.parse(JSON.stringify(copy)) as unknown
    })

/** What the supervisor does with a message. */
function use(message: WorkerMessage): void {
  const progress = new JobProgress()
  const metrics = new JobMetrics()
  if (message.type === 'status') {
    progress.record(1, message.status.partitions)
    metrics.record(1, message.status.metrics)
    metrics.ended(1)
  }
  if (message.type === 'failed') errorOf(message.error)
  progress.partitions()
  progress.uncommittedOf(1)
  metrics.totals()
  metrics.recentLatency('pipelineLatency')
}

describe('a message of a worker', () => {
  it.each(FROM_WORKER)('$type is understood', (message) => {
    expect(readWorkerMessage(JSON.parse(JSON.stringify(message)))).toEqual(message)
  })

  it('is refused or harmless, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(json, broken(FROM_WORKER)), (raw) => {
        const message = readWorkerMessage(raw)
        if (message !== undefined) use(message)
      }),
      { numRuns: 5000 }
    )
  })

  it.each([undefined, null, 1, 'ready', [], {}, { type: 'toString' }, { type: '__proto__' }, { type: 'status' }])(
    'is not %j',
    (raw) => expect(readWorkerMessage(raw)).toBeUndefined()
  )
})

describe('a message of the supervisor', () => {
  it.each(FROM_SUPERVISOR)('%j is understood', (message) => {
    expect(readSupervisorMessage(message)).toEqual(message)
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(json, broken(FROM_SUPERVISOR)), (raw) => void readSupervisorMessage(raw)))
  })

  it('that can’t be understood ends the worker, who says so', async () => {
    const main = fileURLToPath(new URL('../../../src/job/worker/worker-main.ts', import.meta.url))
    const worker = fork(main, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: ['--import', 'tsx'] })
    let stderr = ''
    worker.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    worker.send({ type: 'start', settings: { job: 7 } })
    const [code] = (await once(worker, 'close')) as [number]
    expect(code).toBe(1)
    expect(stderr).toContain('the supervisor said what can\'t be understood: {"type":"start"')
  }, 20_000)
})
