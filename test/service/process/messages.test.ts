import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClusterReply, readClusterRequest } from '../../../src/service/process/cluster-messages.ts'
import { readJobCommand, readJobReport } from '../../../src/service/process/job-messages.ts'

const PAUSES = { job: false, topics: ['a'], partitions: [{ topic: 'b', partition: 1 }] }
const ERROR = { code: 'MR_X', kind: 'retry', message: 'm', place: { topic: 'a' } }
const SECONDS = { source: 0, mirror: 0, target: 0, rate: 0, idle: 0 }
const CLUSTER = { bootstrapServers: 'a:1', security: { protocol: 'PLAINTEXT' }, properties: {} }
const CONFIG = {
  name: 'one',
  source: { ...CLUSTER, groupId: 'one' },
  target: CLUSTER,
  topics: { include: ['a'] },
  limits: { memory: 1, rate: {} },
  checkpoint: { drainTimeoutMs: 1, intervalMs: 1 },
  stateDir: '/x',
  log: { level: 'info' }
}
const SNAPSHOT = {
  name: 'one',
  state: 'RUNNING',
  seconds: 1,
  totals: { records: 1, bytes: 1, altered: 0, deadLettered: 0, skipped: 0 },
  partitions: [
    {
      topic: 'a',
      partition: 0,
      target: 'a',
      state: 'copying',
      from: 0,
      to: 1,
      readRecords: 1,
      readBytes: 1,
      records: 1,
      bytes: 1
    }
  ],
  workers: [{ pid: 1, rssBytes: 1, inFlightBytes: 1, inFlightLimit: 1 }],
  restarts: 0,
  rate: { bytes: 1 },
  pauses: PAUSES,
  stuck: [
    { topic: 'a', partition: 0, lag: 1, seconds: 1, reason: { code: 'MR_STUCK_PAUSED', message: 'm', next: 'n' } }
  ],
  limits: { recent: SECONDS, all: SECONDS },
  replicationLatency: {},
  pipelineLatency: {}
}

const REPORTS = [
  { type: 'snapshot', snapshot: SNAPSHOT, rssBytes: 1, losses: 0 },
  { type: 'told', tellings: [{ at: 1, level: 'info', type: 'state', text: 't', attributes: { a: 1 } }] },
  { type: 'answer', id: 1, pauses: PAUSES, rate: {} },
  { type: 'refusal', id: 1, error: ERROR },
  { type: 'ended', end: { state: 'FAILED', error: ERROR } },
  { type: 'ended', end: { state: 'COMPLETED', error: null } }
]
const COMMANDS = [
  {
    type: 'start',
    start: { config: CONFIG, reset: false, retryAuthentication: false, pauses: PAUSES, logLevel: 'info' }
  },
  { type: 'stop' },
  { type: 'kill' },
  { type: 'log-level', level: 'debug' },
  { type: 'include', topics: ['orders', '/a.*/'] },
  { type: 'pause', id: 1, target: {} },
  { type: 'resume', id: 2, target: { topic: 'a', partition: 0 } },
  { type: 'rate', id: 3, change: { bytes: null, records: 5 } }
]
const REQUESTS = [
  { id: 1, ask: 'test', cluster: CLUSTER, literal: { password: 'p' } },
  { id: 1, ask: 'topics', cluster: CLUSTER },
  { id: 1, ask: 'check', config: CONFIG },
  { id: 1, ask: 'plan', config: CONFIG, reset: true }
]
const REPLIES = [
  { id: 1, error: ERROR },
  { id: 1, ask: 'check', result: [{ cluster: 'source', stage: 'dns', ok: true, detail: 'd', milliseconds: 1 }] },
  {
    id: 1,
    ask: 'topics',
    result: [{ name: 'a', partitions: 1, replicationFactor: 1, records: null, internal: false }]
  }
]

const CASES = [
  ['a report of a job', readJobReport, REPORTS],
  ['a command to a job', readJobCommand, COMMANDS],
  ['a question to the clusters', readClusterRequest, REQUESTS],
  ['an answer of the clusters', readClusterReply, REPLIES]
] as const

describe.each(CASES)('%s', (_, read, examples) => {
  it('is read as it was sent', () => {
    for (const example of examples) expect(read(JSON.parse(JSON.stringify(example)))).toEqual(example)
  })

  it('is none when anything of it is missing, of another type, or too much', () => {
    for (const example of examples) {
      for (const name of Object.keys(example)) {
        const without: Record<string, unknown> = { ...example }
        delete without[name]
        expect(read(without)).toBeUndefined()
        expect(read({ ...example, [name]: Symbol.iterator })).toBeUndefined()
      }
      expect(read({ ...example, other: 1 })).toBeUndefined()
    }
  })

  it('is none whatever else arrives, and reading never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(read(message)).toBeUndefined()
      }),
      { numRuns: 2000 }
    )
    const types = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '']
    for (const type of types) expect(read({ type, ask: type, id: 1, result: [] })).toBeUndefined()
  })

  it('with any part replaced is either refused or taken as it is, and reading never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.nat(), fc.jsonValue(), (example, spot, value) => {
        const changed = structuredClone(example) as unknown
        const spots = spotsOf(changed)
        const at = spots[spot % spots.length]
        if (at !== undefined) at.in[at.name] = value
        const got = read(changed)
        if (got !== undefined) expect(got).toBe(changed)
      }),
      { numRuns: 2000 }
    )
  })
})

interface Spot {
  readonly in: Record<string, unknown>
  readonly name: string
}

/** Every field and every item of a message. */
function spotsOf(value: unknown): Spot[] {
  if (typeof value !== 'object' || value === null) return []
  const parts = value as Record<string, unknown>
  return Object.keys(parts).flatMap((name) => [{ in: parts, name }, ...spotsOf(parts[name])])
}
