import { describe, expect, it } from 'vitest'
import { logJobEvent } from '../../src/cli/log-job-event.ts'
import type { JobEvent } from '../../src/job/job-events.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { type LogLevel, createLog } from '../../src/telemetry/create-log.ts'

function linesFor(event: JobEvent, level: LogLevel = 'debug'): string[] {
  let text = ''
  const log = createLog({ level, write: (line) => (text += line), style: 'terminal', color: false })
  logJobEvent(log, event)
  return text.split('\n').slice(0, -1)
}

const at = { topic: 'orders', partition: 3 }

describe('an event of a job', () => {
  it.each<[JobEvent, string]>([
    [{ type: 'state', state: 'RUNNING' }, 'info  The job is RUNNING.'],
    [{ type: 'worker-started', worker: 0, pid: 12 }, 'info  Worker 0 started (process 12).'],
    [
      { type: 'worker-crashed', worker: 0, why: 'SIGSEGV:\n at x', restartInMs: 500 },
      'error Worker 0 crashed (SIGSEGV:\\n at x); next start in 500 ms.'
    ],
    [{ type: 'worker-ended', worker: 0 }, 'debug Worker 0 ended.'],
    [
      { type: 'mirror', worker: 1, event: { type: 'assigned', partitions: [at] } },
      'info  Worker 1 was given orders-3.'
    ],
    [{ type: 'mirror', worker: 1, event: { type: 'revoked', partitions: [at] } }, 'info  Worker 1 gave back orders-3.'],
    [
      { type: 'mirror', worker: 1, event: { type: 'completed', partition: at, to: 9 } },
      'debug orders-3 is complete up to offset 9.'
    ],
    [
      {
        type: 'mirror',
        worker: 1,
        event: {
          type: 'partition-stopped',
          partition: at,
          reason: { code: 'MR_LOSS', message: 'gone.', next: 'Look.', place: {} }
        }
      },
      'error orders-3 stopped, MR_LOSS: gone. Next: Look.'
    ],
    [
      { type: 'mirror', worker: 1, event: { type: 'may-repeat', ranges: [{ ...at, from: 5, to: 8 }] } },
      'warn  May be copied again: orders-3 offsets 5 to 7 (3).'
    ],
    [
      { type: 'mirror', worker: 1, event: { type: 'commit-failed', message: 'x' } },
      'warn  Worker 1 could not commit: x'
    ],
    [
      { type: 'mirror', worker: 1, event: { type: 'producer-remade', message: 'x' } },
      'warn  Worker 1 made its producer anew: x'
    ],
    [{ type: 'mirror', worker: 1, event: { type: 'waiting', message: 'x' } }, 'warn  Worker 1 waits: x'],
    [
      { type: 'client-event', worker: 2, cluster: 'target', level: 'warn', text: 'FAIL: \u001B[2Jdown' },
      'warn  target, worker 2: FAIL: \\x1b[2Jdown'
    ],
    [{ type: 'client-event', cluster: 'source', level: 'error', text: 'down' }, 'error source: down'],
    [{ type: 'topic-created', topic: 'a', partitions: 1 }, 'info  Target topic a was created with 1 partition.'],
    [{ type: 'topic-grown', topic: 'a', partitions: 8 }, 'info  Target topic a has grown to 8 partitions.'],
    [
      { type: 'topic-found', topic: 'a', target: 'b' },
      'info  Found topic a: it is mirrored to b from its first record.'
    ],
    [
      { type: 'warning', error: new MillraceError({ code: 'MR_X', kind: 'retry', message: 'm', next: 'n' }) },
      'warn  MR_X: m Next: n'
    ]
  ])('%j is one line', (event, line) => {
    const lines = linesFor(event)
    expect(lines).toHaveLength(1)
    expect(lines[0]?.slice('12:00:00 '.length)).toBe(line)
  })

  it('with thousands of partitions stays one readable line', () => {
    const partitions = Array.from({ length: 5000 }, (_, partition) => ({ topic: 't', partition }))
    const [line = ''] = linesFor({ type: 'mirror', worker: 0, event: { type: 'assigned', partitions } })
    expect(line).toContain('5,000 partitions: t-0, ')
    expect(line.length).toBeLessThan(200)
  })

  it('below the level of the log is not written', () => {
    expect(linesFor({ type: 'worker-ended', worker: 0 }, 'info')).toEqual([])
    expect(linesFor({ type: 'state', state: 'FAILED' }, 'warn')).toEqual([])
  })
})
