import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BenchReport } from '../../../src/job/bench/bench-types.ts'
import { administer, createTopic, endOffsets, writeRecords, type Cluster } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { runCli, startCli, type CliResult } from '../../helpers/run-cli.ts'
import { RuleGround } from '../rules/rule-ground.ts'

// What a benchmark makes is gone afterwards, however it ends, and nothing else is touched. A client that isn't ours looks.

const SMALL = ['--records', '20000', '--size', '200', '--partitions', '3', '--seconds', '2', '--rate', '200']

describeWithBrokers('bench', () => {
  let ground: RuleGround
  let file: string
  /** The processes' directory for temporary files. */
  let temporary: string

  beforeAll(async () => {
    ground = await RuleGround.start({ source: '3.9.1', target: '3.9.1' })
    // The job's own topic: never to be touched.
    await createTopic(ground.source, 'orders', 1)
    await writeRecords({ ...ground.source, topic: 'orders', records: 10 })
    temporary = join(ground.directory, 'tmp')
    await mkdir(temporary)
    file = (await ground.job('benched', { topics: { include: ['orders'] } })).file
  })
  afterAll(() => ground?.stop())

  const topicsOf = async (cluster: Cluster): Promise<string[]> =>
    Object.keys(await administer<Record<string, number>>(cluster, 'list_topics')).filter(
      (topic) => !topic.startsWith('__')
    )
  const groupsOf = async (cluster: Cluster): Promise<string[]> => await administer(cluster, 'list_groups')
  const environment = () => ({ env: { TMPDIR: temporary }, timeoutMs: 120_000 })

  async function expectNothingLeft(): Promise<void> {
    expect(await topicsOf(ground.source)).toEqual(['orders'])
    expect(await topicsOf(ground.target)).toEqual([])
    expect((await groupsOf(ground.source)).filter((group) => group.includes('bench-'))).toEqual([])
    expect(await readdir(temporary)).toEqual([])
    expect(await endOffsets(ground.source, 'orders')).toEqual({ 0: 10 })
  }

  const reportOf = ({ stdout, stderr }: CliResult): BenchReport => {
    try {
      return JSON.parse(stdout) as BenchReport
    } catch {
      throw new Error(`no report:\n${stdout}\n${stderr}`)
    }
  }

  it('measures throughput and latency, tells them as JSON, and leaves nothing', async () => {
    const end = await runCli(['bench', file, ...SMALL, '-o', 'json'], environment())
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
    await expectNothingLeft()
  })

  it('refuses a name that is there, on either side, and changes nothing', async () => {
    await createTopic(ground.target, 'taken', 2)
    try {
      const atSource = await runCli(['bench', file, ...SMALL, '--topic', 'orders'], environment())
      expect(atSource.exitCode, atSource.stderr).toBe(4)
      expect(atSource.stderr).toMatch(/MR_BENCH_TOPIC_EXISTS source orders/)
      const atTarget = await runCli(['bench', file, ...SMALL, '--topic', 'taken'], environment())
      expect(atTarget.exitCode, atTarget.stderr).toBe(4)
      expect(atTarget.stderr).toMatch(/MR_BENCH_TOPIC_EXISTS target taken/)
      expect(await topicsOf(ground.source)).toEqual(['orders'])
      expect(await endOffsets(ground.target, 'taken')).toEqual({ 0: 0, 1: 0 })
    } finally {
      await administer(ground.target, 'delete_topic', { topic: 'taken' })
    }
    await expectNothingLeft()
  })

  it.each([
    { phase: 'loading', printed: /Loading/, more: ['--records', '50000000'], signals: 1 },
    { phase: 'mirroring', printed: /Mirroring[^]*\d+ %/, more: ['--records', '1000000', '--size', '1000'], signals: 1 },
    { phase: 'latency', printed: /Measuring latency/, more: ['--seconds', '60'], signals: 1 },
    { phase: 'mirroring, twice', printed: /Mirroring/, more: ['--records', '100000'], signals: 2 }
  ])('Ctrl-C while $phase: nothing is left, or it is named', async ({ printed, more, signals }) => {
    const run = startCli(['bench', file, ...SMALL, ...more], environment())
    await run.printed(printed)
    run.kill('SIGINT')
    if (signals > 1) {
      await run.printed(/SIGINT: /)
      await new Promise((resolve) => setTimeout(resolve, 300))
      run.kill('SIGINT')
    }
    const end = await run.finished()
    expect(end, end.stderr).toMatchObject({ exitCode: 130, signal: null })
    if (signals === 1) {
      expect(end.stdout).toContain('STOPPED')
      expect(end.stdout).not.toContain('Left over')
    } else if (end.stdout.includes('Left over')) {
      // A worker that was killed is a member of its group until its session ends.
      expect(end.stdout).toMatch(/kafka-consumer-groups\.sh .*--delete --group benched-bench-/)
      const [group = ''] = /benched-bench-[0-9a-f]{8}/.exec(end.stdout) ?? []
      await expect.poll(async () => await memberCount(group), { timeout: 30_000, interval: 1000 }).toBe(0)
      if ((await groupsOf(ground.source)).includes(group)) await administer(ground.source, 'delete_group', { group })
    }
    await expectNothingLeft()
  })

  const memberCount = async (group: string): Promise<number> => {
    if (!(await groupsOf(ground.source)).includes(group)) return 0
    const { members } = await administer<{ members: readonly unknown[] }>(ground.source, 'describe_group', { group })
    return members.length
  }
})
