import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'
import type { JobApi } from '../../src/cli/job-api.ts'
import { VerifyScreen } from '../../src/cli/verify-screen.ts'
import type { VerifyJobOptions } from '../../src/job/verify-job.ts'
import type { TopicVerification, Verification, VerifyProgress } from '../../src/verify/verify-types.ts'
import { type FakeContext, fakeContext } from './fake-context.ts'

const at = (topic: string, offset: number) => ({ topic, partition: 1, offset })
const NONE = { count: 0, first: [] }

const TRUE_TOPIC: TopicVerification = {
  target: 'orders-copy',
  sources: ['orders'],
  inOrder: true,
  sourceRecords: 1000,
  targetRecords: 1000,
  equal: 1000,
  redelivered: NONE,
  differences: { lost: NONE, duplicate: NONE, reordered: NONE, phantom: NONE, altered: NONE },
  audited: 0,
  before: { source: 0, target: 0 },
  notes: []
}

const UNTRUE_TOPIC: TopicVerification = {
  ...TRUE_TOPIC,
  redelivered: { count: 7, first: [{ source: at('orders', 3), target: at('orders-copy', 10), count: 7 }] },
  differences: {
    ...TRUE_TOPIC.differences,
    lost: { count: 12, first: [{ source: at('orders', 42) }] },
    altered: {
      count: 1,
      first: [
        {
          source: at('orders', 50),
          target: at('orders-copy', 51),
          altered: [{ part: 'value', what: 'byte 3 is 0x01, was 0x02', byte: 3 }]
        }
      ]
    }
  },
  audited: 2,
  before: { source: 5, target: 0 },
  notes: ['something \u001b[2Jto know']
}

function verificationOf(topics: readonly TopicVerification[], partial: Partial<Verification> = {}): Verification {
  return {
    job: 'orders-to-dr',
    mode: 'full',
    policy: 'same',
    strict: false,
    equal: true,
    seconds: 2,
    records: 1000,
    recordsPerSecond: 500,
    topics,
    ...partial
  }
}

describe('millrace verify', () => {
  let cwd: string
  let context: FakeContext

  const run = async (args: readonly string[], verifyJob: JobApi['verifyJob']): Promise<number> => {
    context = fakeContext({ cwd })
    const unexpected = (): never => {
      throw new Error('not expected')
    }
    return await runCommandLine(['verify', 'job.yaml', ...args], context, async () =>
      Promise.resolve({
        createJob: unexpected,
        planJob: unexpected,
        checkJob: unexpected,
        createBench: unexpected,
        verifyJob
      })
    )
  }

  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
    const clusters = 'source: { bootstrapServers: a:1 }\ntarget: { bootstrapServers: b:1 }\n'
    writeFileSync(join(cwd, 'job.yaml'), `name: orders-to-dr\n${clusters}topics: { include: [orders] }\n`)
  })
  afterAll(() => rmSync(cwd, { recursive: true, force: true }))

  it('exits 0 without a difference', async () => {
    expect(await run([], async () => verificationOf([TRUE_TOPIC]))).toBe(0)
    expect(context.stdout.text).toContain(
      'orders-to-dr: No difference, 1,000 records compared in 2.0 s (500 records/s)'
    )
    expect(context.stdout.text).toMatch(/orders +orders-copy +1,000 +0 +0 +0 +0 +0 +0/)
    expect(context.listening).toBe(0)
  })

  it('exits 3 with differences, and names them', async () => {
    expect(await run([], async () => verificationOf([UNTRUE_TOPIC], { equal: false }))).toBe(3)
    const { text } = context.stdout
    expect(text).toContain('13 differences')
    expect(text).toContain('lost: source orders-1@42\n  lost: … and 11 more')
    expect(text).toContain('altered: source orders-1@50, target orders-copy-1@51: value byte 3 is 0x01, was 0x02')
    expect(text).toContain('re-delivered: 7 records from source orders-1@3, again from target orders-copy-1@10')
    expect(text).toContain('as the audit trail says: 2 records')
    expect(text).toContain('not compared: 5 source records before the first common one')
    expect(text).not.toContain('\u001b')
  })

  it.each<[readonly string[], Partial<VerifyJobOptions>]>([
    [[], { mode: 'full', strict: false }],
    [['--full', '--strict'], { mode: 'full', strict: true }],
    [['--counts'], { mode: 'counts', strict: false }],
    [['--sample', '1e4'], { mode: 'sample', sampleRecords: 10_000 }]
  ])('asks for what the flags say: %j', async (flags, expected) => {
    let asked: Partial<VerifyJobOptions> = {}
    await run([...flags, '-o', 'json'], async (_, options) => {
      asked = options
      return Promise.resolve(verificationOf([TRUE_TOPIC]))
    })
    expect(asked).toMatchObject(expected)
    expect(JSON.parse(context.stdout.text)).toEqual(verificationOf([TRUE_TOPIC]))
  })

  it.each([[['--counts', '--full']], [['--counts', '--sample', '3']], [['--sample', '0']], [['--sample', 'few']]])(
    'refuses %j: exit 2',
    async (flags) => {
      expect(await run(flags, async () => verificationOf([]))).toBe(2)
    }
  )

  it('ends at once with 130 when it is interrupted', async () => {
    const ended = run([], async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      signal.throwIfAborted()
      throw new Error('not expected')
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    context.signal('SIGINT')
    expect(await ended).toBe(130)
    expect(context.stdout.text).toBe('')
  })
})

describe('the progress of a verification', () => {
  const progress: VerifyProgress = {
    partitions: 8,
    partitionsDone: 3,
    sourceRecords: 1000,
    targetRecords: 900,
    bytes: 2 * 1024 * 1024,
    offsets: 3800,
    differences: 2
  }

  it('is a line every few seconds', () => {
    let now = 0
    const { stderr, env } = fakeContext()
    const screen = new VerifyScreen({ stderr, env }, () => now)
    for (now = 0; now <= 10_000; now += 100) screen.show(progress)
    screen.close()
    const lines = stderr.text.split('\n').filter((line) => line !== '')
    expect(lines).toEqual([
      '50 %: 1,000 source and 900 target records (180/s), 2.0 MiB, 3 of 8 partitions, 2 differences',
      '50 %: 1,000 source and 900 target records (90/s), 2.0 MiB, 3 of 8 partitions, 2 differences'
    ])
  })

  it('is drawn over on a terminal, and taken away', () => {
    const { stderr, env } = fakeContext({ terminal: { columns: 40, rows: 10 } })
    const screen = new VerifyScreen({ stderr, env }, () => 0)
    screen.show(progress)
    screen.close()
    expect(stderr.text).not.toContain('\n')
    expect(stderr.text.endsWith('\r\u001b[2K')).toBe(true)
  })
})
