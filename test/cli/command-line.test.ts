import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runCommandLine } from '../../src/cli/command-line.ts'
import type { JobApi } from '../../src/cli/job-api.ts'
import type { JobOptions, JobResult } from '../../src/job/job-types.ts'
import type { Plan } from '../../src/control/plan-types.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { type FakeContext, fakeContext } from './fake-context.ts'
import { FakeJob, resultOf } from './fake-job.ts'

const MIB = 1024 * 1024
const REFUSAL = { code: 'MR_LOOP', message: 'the target is the source.', next: 'Give another name.' }

function planOf(partial: Partial<Plan> = {}): Plan {
  const partition = {
    logStart: 0,
    end: 120,
    committed: undefined,
    start: 0,
    startReason: 'earliest',
    stop: undefined,
    records: 120
  } as const
  return {
    job: 'orders-to-dr',
    policy: 'same',
    source: { clusterId: 'src', brokers: 3, groupId: 'group' },
    target: { clusterId: 'dst', brokers: 1 },
    progress: 'fresh',
    topics: [
      {
        source: 'orders',
        target: 'orders-copy',
        sourcePartitions: 2,
        targetPartitionsNow: 0,
        targetPartitions: 2,
        action: 'create',
        replicationFactor: -1,
        configs: { 'cleanup.policy': 'compact' },
        orderKept: true,
        partitions: [
          { partition: 0, ...partition },
          { partition: 1, ...partition, start: 20, records: 100 }
        ]
      }
    ],
    memory: {
      total: 512 * MIB,
      supervisor: 100 * MIB,
      workers: 1,
      workerBase: 80 * MIB,
      consumerQueue: 64 * MIB,
      fetchBuffers: 100 * MIB,
      inFlight: 100 * MIB,
      producerOverhead: 48 * MIB
    },
    producerBatchBytes: 1_000_000,
    refusals: [],
    warnings: [],
    ...partial
  }
}

/** A job layer of which every answer is known. */
function apiOf(partial: Partial<JobApi> = {}): () => Promise<JobApi> {
  const unexpected = (): never => {
    throw new Error('not expected')
  }
  return async () => ({
    createJob: unexpected,
    planJob: unexpected,
    checkJob: unexpected,
    verifyJob: unexpected,
    createBench: unexpected,
    ...partial
  })
}

function jobThatEnded(result: JobResult): FakeJob {
  const job = new FakeJob()
  setImmediate(() => job.end(result))
  return job
}

function jobThatEnds(result: JobResult): Partial<JobApi> {
  return { createJob: () => jobThatEnded(result) }
}

describe('millrace', () => {
  let cwd: string
  let context: FakeContext

  const run = async (
    args: readonly string[],
    api: Partial<JobApi> = {},
    options: Parameters<typeof fakeContext>[0] = {}
  ) => {
    context = fakeContext({ cwd, ...options })
    return await runCommandLine(args, context, apiOf(api))
  }

  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
    const clusters = 'source: { bootstrapServers: a:1 }\ntarget: { bootstrapServers: b:1 }\n'
    writeFileSync(join(cwd, 'job.yaml'), `name: orders-to-dr\n${clusters}topics: { include: [orders] }\n`)
    writeFileSync(join(cwd, 'typo.yaml'), `name: orders-to-dr\n${clusters}topics:\n  inclde: [orders]\n`)
  })
  afterAll(() => rmSync(cwd, { recursive: true }))

  describe('usage', () => {
    it.each([
      [['pln', 'job.yaml'], /unknown command 'pln'[^]*Did you mean plan/],
      [['run'], /missing required argument 'file'/],
      [['run', 'job.yaml', '--frobnicate'], /unknown option '--frobnicate'/],
      [['run', 'job.yaml', '-o', 'xml'], /Allowed choices are table, json, yaml/],
      [[], /Usage: millrace/],
      [['config'], /Usage: millrace config/]
    ])('%j is wrong: exit 2, said on stderr', async (args, message) => {
      expect(await run(args)).toBe(2)
      expect(context.stderr.text).toMatch(message)
      expect(context.stdout.text).toBe('')
    })

    it('help and version go to stdout, exit 0', async () => {
      expect(await run(['--help'])).toBe(0)
      expect(context.stdout.text).toMatch(/Examples:[^]*millrace demo/)
      expect(await run(['run', '--help'])).toBe(0)
      expect(context.stdout.text).toContain('--retry-authentication')
      expect(await run(['--version'])).toBe(0)
      expect(context.stdout.text).toMatch(/^\d+\.\d+\.\d+\n$/)
    })
  })

  describe('configuration', () => {
    it('a typo is told with file, line, column and a suggestion: exit 2', async () => {
      expect(await run(['run', 'typo.yaml'])).toBe(2)
      expect(context.stderr.text).toMatch(/typo\.yaml:5:3: topics\.inclde: unknown option\. Did you mean/)
    })

    it('a file that is not there is told: exit 2', async () => {
      expect(await run(['plan', 'none.yaml'])).toBe(2)
      expect(context.stderr.text).toContain('none.yaml: no such file')
    })

    it('is shown with flags and environment over the file, secrets redacted', async () => {
      const sets = ['--set', 'target.security.password=hunter2', '--set', 'workers=3']
      const security = [
        '--set',
        'target.security.protocol=SASL_SSL',
        '--set',
        'target.security.mechanism=PLAIN',
        '--set',
        'target.security.username=u'
      ]
      const env = { MILLRACE_PARTITIONS: 'zero', MILLRACE_WORKERS: '2' }
      expect(await run(['config', 'show', 'job.yaml', ...sets, ...security], {}, { env })).toBe(0)
      expect(parse(context.stdout.text)).toMatchObject({ workers: 3, partitions: 'zero' })
      expect(context.stdout.text).not.toContain('hunter2')
    })

    it('has a schema', async () => {
      expect(await run(['config', 'schema'])).toBe(0)
      expect(JSON.parse(context.stdout.text)).toMatchObject({ type: 'object' })
    })
  })

  describe('plan', () => {
    it('shows topics, actions, offsets and memory: exit 0', async () => {
      expect(await run(['plan', 'job.yaml'], { planJob: async () => planOf() })).toBe(0)
      const { text } = context.stdout
      expect(text).toContain('orders-to-dr: cluster src (3 brokers) → cluster dst (1 broker)')
      expect(text).toMatch(/orders +orders-copy +2 +create with 2 +kept +earliest \(0–20\) +open +220/)
      expect(text).toContain("create orders-copy: replication factor the broker's default, cleanup.policy=compact")
      expect(text).toContain('memory 512.0 MiB = supervisor 100.0 MiB + 1 worker × (base 80.0 MiB')
      expect(text).toContain('producer 48.0 MiB) + 20.0 MiB to spare')
      expect(context.stderr.text).toBe('')
    })

    it('shows each partition with -v', async () => {
      await run(['plan', 'job.yaml', '-v'], { planJob: async () => planOf() })
      expect(context.stdout.text).toMatch(/orders-1 +0 +– +20 +earliest +open +120 +100/)
    })

    it('prints the plan itself with -o json; a refused one is exit 4', async () => {
      const plan = planOf({ refusals: [REFUSAL] })
      expect(await run(['plan', 'job.yaml', '-o', 'json'], { planJob: async () => plan })).toBe(4)
      expect(JSON.parse(context.stdout.text)).toEqual(JSON.parse(JSON.stringify(plan)))
      expect(context.stderr.text).toContain('refused for 1 reason')
    })

    it('names code and next step of what it refuses', async () => {
      expect(await run(['plan', 'job.yaml'], { planJob: async () => planOf({ refusals: [REFUSAL] }) })).toBe(4)
      expect(context.stdout.text).toContain('refused MR_LOOP: the target is the source. Next: Give another name.')
    })

    it('passes --reset on', async () => {
      let reset: boolean | undefined
      const planJob: JobApi['planJob'] = async (_config, options) => {
        reset = options.reset
        return planOf()
      }
      await run(['plan', 'job.yaml', '--reset'], { planJob })
      expect(reset).toBe(true)
    })

    it('a broker that is not there is exit 4, in one line', async () => {
      const error = new MillraceError({ code: 'MR_TCP_FAILED', kind: 'retry', message: 'no connection' })
      expect(await run(['plan', 'job.yaml'], { planJob: () => Promise.reject(error) })).toBe(4)
      expect(context.stderr.text).toBe('error MR_TCP_FAILED: no connection\n')
    })

    it('Ctrl-C ends it: exit 130', async () => {
      const planJob: JobApi['planJob'] = async (_config, { signal }) => {
        await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('cancelled'))))
        return planOf()
      }
      const exit = run(['plan', 'job.yaml'], { planJob })
      while (context.listening === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      context.signal('SIGINT')
      expect(await exit).toBe(130)
    })
  })

  describe('check', () => {
    const stage = {
      cluster: 'source',
      stage: 'dns',
      detail: 'found',
      next: undefined,
      code: undefined,
      kind: undefined,
      milliseconds: 1
    } as const

    it.each([
      [true, 0],
      [false, 4]
    ])('all stages ok: %s, exit %d', async (ok, code) => {
      expect(await run(['check', 'job.yaml', '-o', 'yaml'], { checkJob: async () => [{ ...stage, ok }] })).toBe(code)
      expect(parse(context.stdout.text)).toMatchObject({ ok, stages: [{ stage: 'dns' }] })
    })
  })

  describe('run', () => {
    it('prints the result on stdout and exits 0', async () => {
      expect(await run(['run', 'job.yaml'], jobThatEnds(resultOf('COMPLETED')))).toBe(0)
      expect(context.stdout.text).toContain('orders-to-dr COMPLETED after 2.0 s: 100 records')
    })

    it('with -o json prints exactly one document on stdout, and talks on stderr', async () => {
      const result = resultOf('COMPLETED')
      await run(['run', 'job.yaml', '-o', 'json'], jobThatEnds(result))
      expect(JSON.parse(context.stdout.text)).toEqual(result.summary)
      expect(context.stderr.text).toContain('COMPLETED')
    })

    it('prints the document of a run that was refused, too: exit 4', async () => {
      expect(
        await run(['run', 'job.yaml', '-o', 'json'], jobThatEnds(resultOf('FAILED', { refusals: [REFUSAL] })))
      ).toBe(4)
      expect(JSON.parse(context.stdout.text)).toMatchObject({ state: 'FAILED' })
      expect(context.stderr.text).toContain('MR_LOOP')
    })

    it.each([
      ['once where log and result share a screen', [], 1],
      ['in the log, too, where that is for programs', ['--set', 'log.file=job.log'], 2]
    ])('tells why a run failed: %s', async (_, flags, times) => {
      const error = new MillraceError({ code: 'MR_LOAD_FAILED', kind: 'client', message: 'it broke' })
      const createJob: JobApi['createJob'] = (_config, { onEvent }) => {
        onEvent({ type: 'state', state: 'FAILED', error })
        return jobThatEnded(resultOf('FAILED', { error }))
      }
      await run(['run', 'job.yaml', ...flags], { createJob })
      const log = flags.length === 0 ? '' : readFileSync(join(cwd, 'job.log'), 'utf8')
      expect(`${context.stderr.text}${log}`.match(/it broke/g)).toHaveLength(times)
    })

    it('passes flags on, and secrets only as references that the job resolves when it connects', async () => {
      let password: string | undefined
      let seen: JobOptions | undefined
      const createJob: JobApi['createJob'] = (config, options) => {
        seen = options
        expect(JSON.stringify(config)).not.toContain('hunter2')
        password = options.resolveSecrets('source', config.source).security.password
        return jobThatEnded(resultOf('COMPLETED'))
      }
      const security = '{ protocol: SASL_SSL, mechanism: PLAIN, username: u, password: "${env:SECRET}" }'
      writeFileSync(
        join(cwd, 'secret.yaml'),
        `name: s\nsource: { bootstrapServers: a:1, security: ${security} }\n` +
          'target: { bootstrapServers: b:1 }\ntopics: { include: [orders] }\n'
      )
      const args = ['run', 'secret.yaml', '--reset', '--retry-authentication']
      await run(args, { createJob }, { env: { SECRET: 'hunter2' } })
      expect(seen).toMatchObject({ reset: true, retryAuthentication: true })
      expect(password).toBe('hunter2')
    })

    it('drains on the first signal, ends at once on the second, and leaves no listener behind', async () => {
      const job = new FakeJob((call, self) => {
        if (call === 'kill')
          self.end(resultOf('STOPPED', { mayRepeat: [{ topic: 'orders', partition: 0, from: 90, to: 100 }] }))
      })
      const exit = run(['run', 'job.yaml'], { createJob: () => job })
      while (job.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      context.signal('SIGTERM')
      expect(job.calls).toEqual(['run', 'stop'])
      await new Promise((resolve) => setTimeout(resolve, 200))
      context.signal('SIGTERM')
      expect(await exit).toBe(143)
      expect(job.calls).toEqual(['run', 'stop', 'kill'])
      expect(context.stderr.text).toMatch(/Once more stops at once[^]*stopping at once/)
      expect(context.stdout.text).toContain('orders-0 offsets 90 to 99 (10)')
      expect(context.listening).toBe(0)
    })

    it('draws a table on a terminal and takes it away; elsewhere writes no control character', async () => {
      const slow: Partial<JobApi> = {
        createJob: () => {
          const job = new FakeJob()
          setTimeout(() => job.end(resultOf('COMPLETED')), 700)
          return job
        }
      }
      await run(['run', 'job.yaml'], slow, { terminal: { columns: 100, rows: 30 }, env: { NO_COLOR: '1' } })
      expect(context.stderr.text).toContain('1,234,567 records')
      expect(context.stderr.text.endsWith('\u001B[?25h')).toBe(true)
      // 1 is bold, as the name of the job would be.
      expect(context.stderr.text).not.toContain('\u001B[1m')
      await run(['run', 'job.yaml'], slow, { terminal: { columns: 100, rows: 30 }, env: { TERM: 'dumb' } })
      expect(context.stderr.text).not.toContain('\u001B')
    })

    it('an unexpected error is one line with a code: exit 1; -v shows where', async () => {
      const broken: Partial<JobApi> = {
        createJob: () => {
          throw new TypeError('x is not a function')
        }
      }
      expect(await run(['run', 'job.yaml'], broken)).toBe(1)
      expect(context.stderr.text).toBe('error MR_INTERNAL: x is not a function (-v shows where)\n')
      await run(['run', 'job.yaml', '-v'], broken)
      expect(context.stderr.text).toContain('    at ')
    })
  })
})
