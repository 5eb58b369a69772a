import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BenchReport } from '../../../src/job/bench/bench-types.ts'
import { administer, createTopic, endOffsets } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { runCli, type CliResult } from '../../helpers/run-cli.ts'
import { BenchGround, SMALL, topicsOf } from './bench-ground.ts'

// What a benchmark makes is gone afterwards, however it ends, and nothing else is touched. A client that isn't ours looks.

describeWithBrokers('bench', () => {
  let ground: BenchGround

  beforeAll(async () => {
    ground = await BenchGround.start()
  })
  afterAll(() => ground?.stop())

  const reportOf = ({ stdout, stderr }: CliResult): BenchReport => {
    try {
      return JSON.parse(stdout) as BenchReport
    } catch {
      throw new Error(`no report:\n${stdout}\n${stderr}`)
    }
  }

  it('measures throughput and latency, tells them as JSON, and leaves nothing', async () => {
    const end = await runCli(['bench', ground.file, ...SMALL, '-o', 'json'], ground.options)
    expect(end.exitCode, end.stderr).toBe(0)
    const report = reportOf(end)
    expect(report).toMatchObject({
      name: 'benched',
      state: 'COMPLETED',
      topic: expect.stringMatching(/^millrace-bench-[0-9a-f]{8}$/) as unknown,
      groupId: expect.stringMatching(/^benched-bench-[0-9a-f]{8}$/) as unknown,
      load: { records: 20_000, bytes: 4_000_000 },
      throughput: { records: 20_000 },
      copy: { equal: true, sourceRecords: 20_000, targetRecords: 20_000 },
      latency: { ratePerSecond: 200 },
      latencyMissing: null,
      leftovers: []
    })
    expect(report.targetTopic).toBe(report.topic)
    expect(report.copy?.partitions.map(({ target }) => target).toSorted()).toEqual([6666, 6667, 6667])
    expect(report.throughput?.recordsPerSecond).toBeGreaterThan(100)
    expect(report.usage?.cpuMicrosPerRecord).toBeGreaterThan(0)
    expect(report.usage?.workersPeakBytes).toBeGreaterThan(20 * 1024 * 1024)
    const { p50Ms = 0, p99Ms = 0, p999Ms = 0, maxMs = 0, records = 0 } = report.latency ?? {}
    expect(records).toBeGreaterThan(300)
    expect(records).toBeLessThan(500)
    expect(p50Ms).toBeLessThan(10_000)
    expect([p50Ms, p99Ms, p999Ms, maxMs].toSorted((a, b) => a - b)).toEqual([p50Ms, p99Ms, p999Ms, maxMs])
    await ground.expectNothingLeft()
  })

  it('refuses a name that is there, on either side, and changes nothing', async () => {
    await createTopic(ground.target, 'taken', 2)
    try {
      const atSource = await runCli(['bench', ground.file, ...SMALL, '--topic', 'orders'], ground.options)
      expect(atSource.exitCode, atSource.stderr).toBe(4)
      expect(atSource.stderr).toMatch(/MR_BENCH_TOPIC_EXISTS source orders/)
      const atTarget = await runCli(['bench', ground.file, ...SMALL, '--topic', 'taken'], ground.options)
      expect(atTarget.exitCode, atTarget.stderr).toBe(4)
      expect(atTarget.stderr).toMatch(/MR_BENCH_TOPIC_EXISTS target taken/)
      expect(await topicsOf(ground.source)).toEqual(['orders'])
      expect(await endOffsets(ground.target, 'taken')).toEqual({ 0: 0, 1: 0 })
    } finally {
      await administer(ground.target, 'delete_topic', { topic: 'taken' })
    }
    await ground.expectNothingLeft()
  })
})
