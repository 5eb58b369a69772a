import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { createLog } from '../../src/telemetry/log/create-log.ts'
import type { JobEvent, MirrorEvent } from '../../src/telemetry/events.ts'
import type { LogAttributes, LogLevel } from '../../src/telemetry/log/log.ts'
import { JOB_TELLINGS } from '../../src/telemetry/job-tellings.ts'
import { MIRROR_TELLINGS } from '../../src/telemetry/mirror-tellings.ts'
import { countsOf, tellEvent } from '../../src/telemetry/tell-event.ts'
import { anyEvent } from './any-event.ts'

interface Line {
  readonly level: LogLevel
  readonly message: string
  readonly attributes: LogAttributes
}

function told(event: JobEvent): Line {
  const lines: Line[] = []
  tellEvent({ log: (level, message, attributes = {}) => lines.push({ level, message, attributes }) }, event)
  expect(lines).toHaveLength(1)
  return lines[0] as Line
}

function mirror(event: MirrorEvent): JobEvent {
  return { type: 'mirror', worker: 1, event }
}

const at = { topic: 'orders', partition: 3 }
const place = { cluster: 'target', ...at, offset: 42 } as const
const lost = new MillraceError({ code: 'MR_X', kind: 'retry', message: 'm', next: 'n', place: { cluster: 'source' } })
const found = new MillraceError({ code: 'MR_Y', kind: 'refused', message: 'm', next: 'n', place: { topic: 'a' } })

/** Event, level and line, attributes beside `event`, counts. */
const CASES: readonly (readonly [
  event: JobEvent,
  line: string,
  attributes: LogAttributes,
  counts: readonly string[]
])[] = [
  [{ type: 'state', state: 'RUNNING' }, 'info The job is RUNNING.', { state: 'RUNNING' }, []],
  [
    { type: 'state', state: 'FAILED', error: lost },
    'error The job is FAILED: MR_X source: m Next: n',
    { state: 'FAILED', code: 'MR_X', cluster: 'source' },
    ['errors {"code":"MR_X","cluster":"source"}']
  ],
  [{ type: 'worker-started', worker: 0, pid: 12 }, 'info Worker 0 started (process 12).', { worker: 0, pid: 12 }, []],
  [
    { type: 'worker-crashed', worker: 0, why: 'SIGSEGV', restartInMs: 500 },
    'error Worker 0 crashed (SIGSEGV); next start in 500 ms.',
    { worker: 0, restart_in_ms: 500 },
    ['worker_restarts {}']
  ],
  [
    { type: 'worker-crashed', worker: 0, why: 'MR_X: m', restartInMs: 500, code: 'MR_X', place },
    'error Worker 0 crashed (MR_X: m); next start in 500 ms.',
    { worker: 0, restart_in_ms: 500, code: 'MR_X', ...place },
    ['worker_restarts {}', 'errors {"code":"MR_X","cluster":"target"}']
  ],
  [{ type: 'worker-ended', worker: 0 }, 'debug Worker 0 ended.', { worker: 0 }, []],
  [
    mirror({ type: 'assigned', partitions: [at] }),
    'info Worker 1 was given orders-3.',
    { worker: 1, partitions: 1 },
    ['rebalances {"type":"assigned"}']
  ],
  [
    mirror({ type: 'revoked', partitions: [at] }),
    'info Worker 1 gave back orders-3.',
    { worker: 1, partitions: 1 },
    ['rebalances {"type":"revoked"}']
  ],
  [
    mirror({ type: 'completed', partition: at, to: 9 }),
    'debug orders-3 is complete up to offset 9.',
    { worker: 1, ...at, offset: 9 },
    []
  ],
  [
    mirror({
      type: 'partition-stopped',
      partition: at,
      reason: { code: 'MR_LOSS', message: 'gone.', next: 'Look.', place },
      traceId: 'abc'
    }),
    'error orders-3 stopped, MR_LOSS: gone. Next: Look.',
    { worker: 1, code: 'MR_LOSS', ...place, trace_id: 'abc' },
    ['partitions_stopped {"code":"MR_LOSS"}', 'errors {"code":"MR_LOSS","cluster":"target"}']
  ],
  [
    {
      type: 'loss',
      loss: {
        ...at,
        kind: 'overtaken',
        message: 'gone.',
        code: 'MR_LOSS',
        outcome: 'continued',
        lost: { from: 5, to: 6 },
        writtenSince: { from: 1, to: 5 },
        reason: { code: 'MR_LOSS', message: 'gone.', next: 'Look.', place }
      }
    },
    'warn orders-3 goes on, MR_LOSS: gone. Next: Look.',
    {
      ...place,
      ...at,
      code: 'MR_LOSS',
      outcome: 'continued',
      lost_from: 5,
      lost_to: 6,
      written_from: 1,
      written_to: 5
    },
    ['losses {"code":"MR_LOSS","outcome":"continued"}', 'lost_offsets {"code":"MR_LOSS"}']
  ],
  [
    mirror({ type: 'may-repeat', ranges: [{ ...at, from: 5, to: 8 }] }),
    'warn May be copied again: orders-3 offsets 5 to 7 (3).',
    { worker: 1, partitions: 1, offsets: 3 },
    []
  ],
  [
    mirror({ type: 'commit-failed', message: 'x' }),
    'warn Worker 1 could not commit: x',
    { worker: 1, cluster: 'source' },
    ['commit_failures {}']
  ],
  [
    mirror({ type: 'producer-remade', message: 'x' }),
    'warn Worker 1 made its producer anew: x',
    { worker: 1, cluster: 'target' },
    ['producers_remade {}']
  ],
  [mirror({ type: 'waiting', message: 'x' }), 'warn Worker 1 waits: x', { worker: 1 }, []],
  [
    mirror({
      type: 'batch-traced',
      why: 'slow',
      partition: at,
      from: 5,
      to: 8,
      milliseconds: 5012.4,
      traceId: 'abc'
    }),
    'info A batch was slow: orders-3 offsets 5 to 7 (3) took 5,012 ms from fetched to delivered.',
    { worker: 1, why: 'slow', ...at, offset: 5, to: 8, milliseconds: 5012, trace_id: 'abc' },
    []
  ],
  [
    mirror({ type: 'batch-traced', why: 'failed', partition: at, from: 5, to: 8, milliseconds: 12, traceId: 'abc' }),
    'warn A batch was not delivered: orders-3 offsets 5 to 7 (3), 12 ms after it was fetched.',
    { worker: 1, why: 'failed', ...at, offset: 5, to: 8, milliseconds: 12, trace_id: 'abc' },
    []
  ],
  [
    { type: 'client-event', worker: 2, cluster: 'target', level: 'warn', text: '_TRANSPORT: down', code: '_TRANSPORT' },
    'warn target, worker 2: _TRANSPORT: down',
    { worker: 2, cluster: 'target', code: '_TRANSPORT' },
    ['errors {"code":"_TRANSPORT","cluster":"target"}']
  ],
  [
    { type: 'client-event', cluster: 'source', level: 'error', text: 'down' },
    'error source: down',
    { cluster: 'source' },
    []
  ],
  [
    { type: 'topic-created', topic: 'a', partitions: 1 },
    'info Target topic a was created with 1 partition.',
    { cluster: 'target', topic: 'a', partitions: 1 },
    ['topics {"change":"created"}']
  ],
  [
    { type: 'topic-grown', topic: 'a', partitions: 8 },
    'info Target topic a has grown to 8 partitions.',
    { cluster: 'target', topic: 'a', partitions: 8 },
    ['topics {"change":"grown"}']
  ],
  [
    { type: 'topic-found', topic: 'a', target: 'b' },
    'info Found topic a: it is mirrored to b from its first record.',
    { cluster: 'source', topic: 'a', target: 'b' },
    ['topics {"change":"found"}']
  ],
  [
    { type: 'warning', error: lost },
    'warn MR_X source: m Next: n',
    { code: 'MR_X', cluster: 'source' },
    ['errors {"code":"MR_X","cluster":"source"}']
  ],
  [
    { type: 'warning', error: found },
    'warn MR_Y a: m Next: n',
    { code: 'MR_Y', topic: 'a' },
    ['warnings {"code":"MR_Y","cluster":""}']
  ],
  [
    { type: 'refused', error: found },
    'error MR_Y a: m Next: n',
    { code: 'MR_Y', topic: 'a' },
    ['errors {"code":"MR_Y","cluster":""}']
  ]
]

describe('an event of a job', () => {
  it.each(CASES)('%j is one line, its attributes and what it counts', (event, line, attributes, counts) => {
    const { level, message, attributes: said } = told(event)
    expect(`${level} ${message}`).toBe(line)
    const type = event.type === 'mirror' ? event.event.type : event.type
    // toEqual takes an undefined attribute for one that is not there, as both formats do.
    expect(said).toEqual({ event: type, ...attributes })
    expect(countsOf(event).map(({ counter, labels }) => `${counter} ${JSON.stringify(labels)}`)).toEqual(counts)
    expect(countsOf(event).every(({ by }) => by === 1)).toBe(true)
  })

  it('with thousands of partitions stays one readable line', () => {
    const partitions = Array.from({ length: 5000 }, (_, partition) => ({ topic: 't', partition }))
    const { message } = told(mirror({ type: 'assigned', partitions }))
    expect(message).toContain('5,000 partitions: t-0, ')
    expect(message.length).toBeLessThan(200)
    const ranges = partitions.map((partition) => ({ ...partition, from: 0, to: 10 }))
    expect(told(mirror({ type: 'may-repeat', ranges })).message.length).toBeLessThan(500)
  })

  it('below the level of the log is not written', () => {
    let text = ''
    const log = createLog({ level: 'info', write: (line) => (text += line), style: 'terminal', color: false })
    tellEvent(log, { type: 'worker-ended', worker: 0 })
    expect(text).toBe('')
  })

  it.each(['terminal', 'file'] as const)('of any content is one line without control characters: %s', (style) => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        let text = ''
        tellEvent(createLog({ level: 'debug', write: (line) => (text += line), style, color: false }), event)
        expect(text).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029]+\n$/u)
      })
    )
  })

  it.each(Object.keys({ ...JOB_TELLINGS, ...MIRROR_TELLINGS }))('%s is in docs/logging.md', (type) => {
    expect(readFileSync(new URL('../../docs/logging.md', import.meta.url), 'utf8')).toContain(`\`${type}\``)
  })
})
