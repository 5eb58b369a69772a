import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WorkerProcessListener } from '../../../src/job/worker/worker-process.ts'
import type { WorkerSettings, WorkerStatus } from '../../../src/job/worker/worker-messages.ts'
import { WorkerSlot } from '../../../src/job/worker/worker-slot.ts'

const MINUTE = 60_000

/** A worker's place, with what its processes do decided by the test. */
function place() {
  const processes: (WorkerProcessListener & { readonly sent: unknown[] })[] = []
  const told: string[] = []
  const slot = new WorkerSlot(
    {
      settings: { index: 3 } as WorkerSettings,
      nextNumber: () => processes.length + 10,
      onStarted: ({ number }) => told.push(`started ${number}`),
      onMessage: ({ type }, { worker, number, send }) => {
        told.push(`${type} of ${worker}/${number}`)
        if (type === 'prepare') send({ type: 'answer', id: number })
      },
      onExited: ({ number }, { clean }) => told.push(`exited ${number} ${clean ? 'clean' : 'dirty'}`),
      onCrashed: (_, { why, restartInMs }) => told.push(`crashed (${why}), again in ${restartInMs} ms`),
      onFailed: ({ code }) => told.push(`failed ${code}`)
    },
    (listener) => {
      const sent: unknown[] = []
      processes.push({ ...listener, sent })
      return { pid: 100 + processes.length, send: (message) => sent.push(message), kill: () => undefined }
    }
  )
  const newest = () => processes[processes.length - 1] as (typeof processes)[number]
  const status = (records: number) =>
    newest().onMessage({ type: 'status', status: { partitions: [{ records }] } as unknown as WorkerStatus })
  return { slot, processes, told, newest, status }
}

describe('WorkerSlot', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('has a process from its start to its end, and tells the newest of it', () => {
    const { slot, told, newest, status } = place()
    expect(slot).toMatchObject({ index: 3, number: -1, pid: undefined, runs: false, ready: false, status: undefined })
    slot.start()
    expect(slot).toMatchObject({ number: 10, pid: 101, runs: true, ready: false })
    newest().onMessage({ type: 'ready' })
    status(0)
    expect(slot).toMatchObject({ ready: true, status: { partitions: [{ records: 0 }] } })
    slot.hold()
    newest().onExit(0, null)
    expect(slot).toMatchObject({ number: 10, pid: undefined, runs: false, ready: false, status: undefined })
    expect(told).toEqual(['started 10', 'ready of 3/10', 'status of 3/10', 'exited 10 clean'])
  })

  it('a crash: the same worker, another number, after a while that grows', () => {
    const { slot, told, newest } = place()
    slot.start()
    newest().onStderr('Segmentation fault\n')
    newest().onExit(null, 'SIGSEGV')
    vi.advanceTimersByTime(499)
    expect(slot).toMatchObject({ number: 10, runs: false })
    vi.advanceTimersByTime(1)
    expect(slot).toMatchObject({ number: 11, runs: true })
    newest().onExit(9, null)
    vi.advanceTimersByTime(1000)
    expect(told).toEqual([
      'started 10',
      'exited 10 dirty',
      'crashed (SIGSEGV: Segmentation fault), again in 500 ms',
      'started 11',
      'exited 11 dirty',
      'crashed (exit code 9), again in 1000 ms',
      'started 12'
    ])
  })

  it('what a process that is gone said last is not taken for the next one’s, nor is its answer given to that', () => {
    const { slot, processes, told, newest } = place()
    slot.start()
    newest().onExit(1, null)
    newest().onMessage({ type: 'ready' })
    expect(slot.ready).toBe(false)
    vi.advanceTimersByTime(MINUTE)
    processes[0]?.onMessage({ type: 'ready' })
    processes[0]?.onMessage({ type: 'prepare', id: 1, partitions: [] })
    expect(slot.ready).toBe(false)
    expect(processes.map(({ sent }) => sent)).toEqual([[{ type: 'answer', id: 10 }], []])
    expect(told.filter((line) => line.startsWith('ready'))).toEqual(['ready of 3/10', 'ready of 3/10'])
  })

  it('is not started again once it is held, not even when it was to be in a moment', () => {
    const { slot, processes, newest } = place()
    slot.start()
    newest().onExit(1, null)
    slot.hold()
    vi.advanceTimersByTime(MINUTE)
    expect(processes).toHaveLength(1)
  })

  it.each(['authentication', 'authorisation', 'configuration', 'refused'] as const)(
    'a failure that would come again is not tried again: %s',
    (kind) => {
      const { slot, processes, told, newest } = place()
      slot.start()
      newest().onMessage({ type: 'failed', error: { code: 'MR_NO', kind, message: 'no', place: {} } })
      newest().onExit(1, null)
      vi.advanceTimersByTime(MINUTE)
      expect(processes).toHaveLength(1)
      expect(told.slice(-2)).toEqual(['exited 10 dirty', 'failed MR_NO'])
    }
  )

  it('gives up on one that delivers nothing between its crashes, and never on one that does', () => {
    const idle = place()
    idle.slot.start()
    const useful = place()
    useful.slot.start()
    for (let crash = 0; crash < 20; crash += 1) {
      if (idle.slot.runs) idle.newest().onExit(1, null)
      useful.status(1)
      useful.newest().onExit(1, null)
      vi.advanceTimersByTime(MINUTE)
    }
    expect(idle.told.at(-1)).toBe('failed MR_CRASH_LOOP')
    expect(idle.processes.length).toBeLessThan(10)
    expect(useful.processes).toHaveLength(21)
  })
})
