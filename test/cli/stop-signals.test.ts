import { describe, expect, it } from 'vitest'
import { StoppedBySignal, abortOnSignal, watchStopSignals } from '../../src/cli/stop-signals.ts'
import { fakeContext } from './fake-context.ts'
import { FakeJob } from './fake-job.ts'

function watched() {
  const context = fakeContext()
  const job = new FakeJob()
  const said: string[] = []
  const clock = { now: 1000 }
  const signals = watchStopSignals(
    context,
    job,
    (message) => said.push(message),
    () => clock.now
  )
  return { context, job, said, clock, signals }
}

describe('signals of a running job', () => {
  it('the first drains and says that a second one stops at once', () => {
    const { context, job, said, signals } = watched()
    context.signal('SIGTERM')
    expect(job.calls).toEqual(['stop'])
    expect(signals.first).toBe('SIGTERM')
    expect(said).toEqual([expect.stringMatching(/Once more stops at once/)])
  })

  it('the second ends at once and says what may happen; a third changes nothing', () => {
    const { context, job, said, clock, signals } = watched()
    context.signal('SIGINT')
    clock.now += 1000
    context.signal('SIGTERM')
    clock.now += 1000
    context.signal('SIGINT')
    expect(job.calls).toEqual(['stop', 'kill'])
    expect(signals.first).toBe('SIGINT')
    expect(said[1]).toMatch(/may be copied again/)
  })

  it('one key that arrives twice, from the terminal and from npm, is one', () => {
    const { context, job, clock } = watched()
    context.signal('SIGINT')
    clock.now += 20
    context.signal('SIGINT')
    expect(job.calls).toEqual(['stop'])
  })

  it('are given back', () => {
    const { context, signals } = watched()
    signals.release()
    expect(context.listening).toBe(0)
  })
})

describe('a signal while something is looked at', () => {
  it('ends it early and is remembered, whatever the look says about that', async () => {
    const context = fakeContext()
    const look = abortOnSignal(context, async (signal) => {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled'))))
    })
    context.signal('SIGINT')
    await expect(look).rejects.toMatchObject({ constructor: StoppedBySignal, signal: 'SIGINT' })
    expect(context.listening).toBe(0)
  })

  it('does not hide a failure that came without one', async () => {
    await expect(abortOnSignal(fakeContext(), () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  })
})
