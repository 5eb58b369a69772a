import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import type { JobEvent } from '../../src/telemetry/events.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { type FakeContext, fakeContext } from './fake-context.ts'
import { FakeJob, resultOf } from './fake-job.ts'

const JOB = `name: orders-to-dr
source: { bootstrapServers: 'a:1' }
target: { bootstrapServers: 'b:1' }
topics: { include: [orders] }
`
const DEBUG: JobEvent = { type: 'worker-ended', worker: 7 }
const INFO: JobEvent = { type: 'worker-started', worker: 7, pid: 1 }
const failure = new MillraceError({ code: 'MR_CRASH_LOOP', kind: 'client', message: 'it crashed', next: 'Look.' })

describe('the log of a running job', () => {
  let dir: TempDir
  let context: FakeContext
  let tell: (event: JobEvent) => void
  let job: FakeJob

  /** Starts `millrace run`; it ends by `job.end`. */
  const start = async (
    sets: readonly string[],
    { terminal = false, args = [] }: { readonly terminal?: boolean; readonly args?: readonly string[] } = {}
  ): Promise<{ exit: Promise<number> }> => {
    context = fakeContext({ cwd: dir.path, ...(terminal && { terminal: { columns: 100, rows: 20 } }) })
    job = new FakeJob()
    const api = {
      createJob: (_config: unknown, options: { readonly onEvent: (event: JobEvent) => void }) => {
        tell = options.onEvent
        return job
      },
      planJob: () => Promise.reject(new Error('not expected')),
      checkJob: () => Promise.reject(new Error('not expected')),
      verifyJob: () => Promise.reject(new Error('not expected')),
      createBench: () => {
        throw new Error('not expected')
      }
    }
    const line = ['run', 'job.yaml', ...sets.flatMap((set) => ['--set', set]), ...args]
    const exit = runCommandLine(line, context, async () => api)
    const ended = exit.then(() => true)
    while (job.calls.length === 0) {
      if (await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5))])) break
    }
    return { exit }
  }
  const file = (): string => readFileSync(join(dir.path, 'job.log'), 'utf8')

  beforeEach(async () => {
    dir = await tempDir()
    writeFileSync(join(dir.path, 'job.yaml'), JOB)
  })
  afterEach(async () => await dir.remove())

  it('goes to a file: no colour, full time; the table stays on the terminal and the result where it was', async () => {
    const { exit } = await start(['log.file=job.log'], { terminal: true })
    tell(INFO)
    tell(DEBUG)
    await new Promise((resolve) => setTimeout(resolve, 600))
    job.end(resultOf('COMPLETED'))
    expect(await exit).toBe(0)
    expect(file()).toMatch(/^\S+Z info {2}Worker 7 started \(process 1\)\.\n$/)
    expect(context.stderr.text).not.toContain('Worker 7')
    expect(context.stderr.text).toContain('1,234,567 records')
    expect(context.stdout.text).toContain('COMPLETED')
  })

  it('in a file: what a signal does is said to whoever sent it, too', async () => {
    const { exit } = await start(['log.file=job.log'])
    context.signal('SIGINT')
    job.end(resultOf('STOPPED'))
    expect(await exit).toBe(130)
    expect(file()).toContain('Once more stops at once')
    expect(context.stderr.text).toContain('Once more stops at once')
  })

  it('is rotated', async () => {
    const { exit } = await start(['log.file=job.log', 'log.maxSize=100000', 'log.maxFiles=2'])
    for (let worker = 0; worker < 6000; worker++) tell({ ...INFO, worker })
    job.end(resultOf('COMPLETED'))
    await exit
    const names = readdirSync(dir.path)
      .filter((name) => name.startsWith('job.log'))
      .sort()
    expect(names).toEqual(['job.log', 'job.log.1', 'job.log.2'])
    const lines = names.reverse().flatMap((name) => readFileSync(join(dir.path, name), 'utf8').trimEnd().split('\n'))
    const workers = lines.map((line) => Number(/Worker (\d+)/.exec(line)?.[1]))
    expect(workers).toEqual(Array.from({ length: workers.length }, (_, n) => 6000 - workers.length + n))
  })

  it('that can not be opened keeps the job from starting: exit 2, nothing drawn', async () => {
    const { exit } = await start(['log.file=none/job.log'], { terminal: true })
    expect(await exit).toBe(2)
    expect(job.calls).toEqual([])
    expect(context.stderr.text).toMatch(/^\S*error\S* MR_LOG_FILE log\.file: The log file can't be written: ENOENT/)
    expect(context.listening).toBe(0)
  })

  it('that can not be written later is shown on stderr, and the job goes on', async () => {
    const { exit } = await start(['log.file=job.log'])
    rmSync(join(dir.path, 'job.log'))
    mkdirSync(join(dir.path, 'job.log'))
    tell(INFO)
    tell(INFO)
    job.end(resultOf('COMPLETED'))
    expect(await exit).toBe(0)
    expect(context.stderr.text.match(/The log file is in trouble/g)).toHaveLength(1)
    expect(context.stderr.text.match(/Worker 7 started/g)).toHaveLength(2)
  })

  it('as JSON on stderr is nothing but objects, progress, signals and the failure included', async () => {
    const { exit } = await start(['log.format=json'], { args: ['-o', 'json'] })
    tell({ type: 'state', state: 'RUNNING' })
    await new Promise((resolve) => setTimeout(resolve, 5700))
    context.signal('SIGTERM')
    tell({ type: 'state', state: 'FAILED', error: failure })
    job.end(resultOf('FAILED', { error: failure }))
    expect(await exit).toBe(1)
    const lines = context.stderr.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toMatchObject([
      { job: 'orders-to-dr', event: 'state', state: 'RUNNING' },
      { event: 'progress', level: 'info', records: 1_234_567, lag: 50, restarts: 0 },
      { level: 'warn', message: expect.stringContaining('SIGTERM') as unknown },
      { level: 'error', event: 'state', state: 'FAILED', code: 'MR_CRASH_LOOP' }
    ])
    expect(JSON.parse(context.stdout.text)).toMatchObject({ state: 'FAILED' })
  }, 10_000)

  it('tells at debug level between one SIGUSR2 and the next, and says so', async () => {
    const { exit } = await start(['log.level=error'])
    tell(DEBUG)
    context.switchLevel()
    tell(DEBUG)
    context.switchLevel()
    tell(DEBUG)
    tell(INFO)
    job.end(resultOf('COMPLETED'))
    await exit
    const said = context.stderr.text.trimEnd().split('\n')
    expect(said.map((line) => line.slice(line.indexOf('Z ') + 2))).toEqual([
      'info  SIGUSR2: the level of the log is debug now. Once more sets it back.',
      'debug Worker 7 ended.',
      'info  SIGUSR2: the level of the log is error now.'
    ])
    expect(context.listening).toBe(0)
  })

  it('is at debug level with -v, and SIGUSR2 makes it quieter', async () => {
    const { exit } = await start(['log.level=error'], { args: ['-v'] })
    tell(DEBUG)
    context.switchLevel()
    tell(DEBUG)
    tell(INFO)
    job.end(resultOf('COMPLETED'))
    await exit
    expect(context.stderr.text.match(/Worker 7 ended/g)).toHaveLength(1)
    expect(context.stderr.text).toContain('Worker 7 started')
  })
})
