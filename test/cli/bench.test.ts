import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'
import type { RunnableBench } from '../../src/cli/job-api.ts'
import type { BenchOptions, BenchReport, BenchResult } from '../../src/job/bench/bench-types.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { type FakeContext, fakeContext } from './fake-context.ts'

function reportOf(partial: Partial<BenchReport> = {}): BenchReport {
  return {
    name: 'j',
    state: 'COMPLETED',
    topic: 'millrace-bench-1',
    targetTopic: 'dr.millrace-bench-1',
    groupId: 'j-bench-1',
    settings: {
      records: 1000,
      sizeBytes: 500,
      partitions: 8,
      payload: 'json',
      replicationFactor: undefined,
      latencySeconds: 10,
      latencyRate: 1000
    },
    load: { records: 1000, bytes: 500_000, seconds: 2 },
    throughput: { records: 1000, recordsPerSecond: 2000, bytesPerSecond: 1e6, startSeconds: 3, seconds: 4 },
    usage: { cpuMicrosPerRecord: 1.234, workersPeakBytes: 2 ** 20, supervisorPeakBytes: 2 ** 21 },
    limits: { source: 0, mirror: 1, target: 9, rate: 0, idle: 0 },
    copy: { equal: true, partitions: [], sourceRecords: 1000, targetRecords: 1000 },
    latency: { records: 9000, ratePerSecond: 1000, p50Ms: 5, p99Ms: 9, p999Ms: 20, maxMs: 30 },
    latencyMissing: null,
    leftovers: [],
    ...partial
  }
}

describe('millrace bench', () => {
  let dir: TempDir
  let context: FakeContext
  let asked: BenchOptions[]
  const calls: string[] = []

  beforeEach(async () => {
    dir = await tempDir()
    const text = 'name: j\nsource: { bootstrapServers: a }\ntarget: { bootstrapServers: b }\ntopics: { include: [t] }\n'
    await writeFile(join(dir.path, 'job.yaml'), text)
    context = fakeContext({ cwd: dir.path })
    asked = []
    calls.length = 0
  })
  afterEach(async () => await dir.remove())

  const run = async (
    result: BenchResult,
    args: readonly string[] = [],
    during = (): void => undefined
  ): Promise<number> => {
    const bench: RunnableBench = {
      run: async () => {
        during()
        return await Promise.resolve(result)
      },
      stop: () => calls.push('stop'),
      kill: () => calls.push('kill')
    }
    const unexpected = (): never => {
      throw new Error('not expected')
    }
    const createBench = (options: BenchOptions): RunnableBench => {
      asked.push(options)
      return bench
    }
    return await runCommandLine(
      ['bench', 'job.yaml', ...args],
      context,
      async () =>
        await Promise.resolve({
          createJob: unexpected,
          planJob: unexpected,
          checkJob: unexpected,
          verifyJob: unexpected,
          createBench
        })
    )
  }

  it('has defaults, and takes numbers as people write them', async () => {
    expect(await run({ report: reportOf() })).toBe(0)
    await run({ report: reportOf() }, [
      '--records',
      '2e6',
      '--size',
      '1_000',
      '--topic',
      'x',
      '--replication-factor',
      '3'
    ])
    expect(asked.map(({ settings }) => settings)).toMatchObject([
      { topic: undefined, records: 1_000_000, sizeBytes: 500, partitions: 8, payload: 'json', latencySeconds: 10 },
      { topic: 'x', records: 2_000_000, sizeBytes: 1000, replicationFactor: 3, latencyRate: 1000 }
    ])
  })

  it.each([
    ['--records', '0'],
    ['--records', 'many'],
    ['--size', '1000001'],
    ['--seconds', '-1'],
    ['--payload', 'xml']
  ])('refuses %s %s', async (flag, value) => {
    expect(await run({ report: reportOf() }, [flag, value])).toBe(2)
    expect(asked).toEqual([])
    expect(context.stderr.text).toContain(flag)
  })

  it('shows the figures for people, and one document for programs', async () => {
    await run({ report: reportOf() })
    for (const shown of [
      '2,000 records/s, 1.0 MB/s',
      '1.23 µs/record',
      'p99.9 20 ms',
      'complete',
      'target, 90 %',
      'compress'
    ]) {
      expect(context.stdout.text).toContain(shown)
    }
    context.stdout.text = ''
    await run({ report: reportOf() }, ['-o', 'json'])
    expect(JSON.parse(context.stdout.text)).toMatchObject({ throughput: { recordsPerSecond: 2000 }, leftovers: [] })
  })

  it('ends as what happened says', async () => {
    const failed = (kind: 'refused' | 'client') => new MillraceError({ code: 'MR_LOAD_FAILED', kind, message: 'm' })
    const copy = { equal: false, partitions: [], sourceRecords: 2, targetRecords: 1 }
    const left = { what: 'topic', cluster: 'source', name: 'n', why: 'w', command: 'kafka-topics.sh n' } as const
    expect(await run({ report: reportOf({ state: 'FAILED' }), error: failed('refused') })).toBe(4)
    expect(await run({ report: reportOf({ state: 'FAILED' }), error: failed('client') })).toBe(1)
    expect(await run({ report: reportOf({ state: 'FAILED', copy }) })).toBe(3)
    expect(await run({ report: reportOf({ leftovers: [left] }) })).toBe(1)
    expect(context.stdout.text).toContain('kafka-topics.sh n')
  })

  it('a signal stops it, and is its exit code', async () => {
    const report = reportOf({ state: 'STOPPED' })
    expect(await run({ report }, [], () => context.signal('SIGTERM'))).toBe(143)
    expect(calls).toEqual(['stop'])
    expect(context.stderr.text).toMatch(/SIGTERM: .*what was made is deleted/)
    expect(context.listening).toBe(0)
  })
})
