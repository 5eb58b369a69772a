import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { SIDES, type Side } from '../../../src/telemetry/metrics/limit-clock.ts'
import { writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { listeningSockets } from '../../helpers/listening-sockets.ts'
import { checkMetrics, hasPromtool } from '../../helpers/promtool.ts'
import { parseScrape, sumOf, type Scrape } from '../../helpers/scrape.ts'
import { ClusterPair } from '../faults/cluster-pair.ts'

const SECOND = 1000
const listen = { listen: '127.0.0.1:0' }

async function scrapeText(url: string): Promise<string> {
  return await (await fetch(`${url}/metrics`)).text()
}

const scrape = async (url: string): Promise<Scrape> => parseScrape(await scrapeText(url))
const status = async (url: string, path: string): Promise<number> => (await fetch(`${url}${path}`)).status

describeWithBrokers('what a job tells of itself', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  const write = async (topic: string, records: number, size = 100) => {
    await writeRecords({ ...pair.sourceCluster, topic, partitions: 2, records, size })
  }
  const delivered = async (url: string): Promise<number> => {
    return sumOf(await scrape(url), 'millrace_records_delivered_total')
  }

  it('/metrics agrees with the summary and with promtool, and counts on when a worker is killed', async () => {
    await pair.createSourceTopic('told', 2)
    await write('told', 20_000)
    const job = await pair.job('told', {
      topics: { include: ['told'] },
      http: listen,
      checkpoint: { interval: '500ms' }
    })
    const run = job.start()
    const url = await run.url()
    await expect.poll(() => delivered(url), { timeout: 30 * SECOND }).toBe(20_000)
    await expect.poll(() => status(url, '/readyz'), { timeout: 5 * SECOND }).toBe(200)
    expect(await status(url, '/healthz')).toBe(200)
    // The statistics of librdkafka come every five seconds.
    const roundTrips = async () => sumOf(await scrape(url), 'millrace_broker_rtt_seconds', { cluster: 'target' })
    await expect.poll(roundTrips, { timeout: 15 * SECOND, interval: 500 }).toBeGreaterThan(0)

    const text = await scrapeText(url)
    if (hasPromtool) expect(checkMetrics(text)).toBe('')
    expect(text.split('\n').find((line) => line.startsWith('target_info'))).not.toMatch(
      /command|process_|node |told\.yaml/
    )
    const before = parseScrape(text)
    expect(sumOf(before, 'millrace_lag_records')).toBe(0)
    expect(sumOf(before, 'millrace_batch_records_sum')).toBe(20_000)
    expect(sumOf(before, 'millrace_replication_latency_seconds_count')).toBe(
      sumOf(before, 'millrace_batch_records_count')
    )
    expect(sumOf(before, 'millrace_commits_total', { result: 'succeeded' })).toBeGreaterThan(0)
    expect(sumOf(before, 'millrace_in_flight_limit_bytes')).toBeGreaterThan(0)

    run.signalWorker('SIGKILL')
    await expect.poll(() => status(url, '/readyz'), { timeout: 5 * SECOND, interval: 20 }).toBe(503)
    expect(await status(url, '/healthz')).toBe(200)
    await write('told', 5000)
    await expect.poll(() => delivered(url), { timeout: 30 * SECOND }).toBe(25_000)
    const after = await scrape(url)
    for (const [series, value] of before) {
      if (/_(total|count|sum|bucket)\b/.test(series)) expect(after.get(series), series).toBeGreaterThanOrEqual(value)
    }
    expect(sumOf(after, 'millrace_worker_restarts_total')).toBe(1)
    expect(sumOf(after, 'millrace_job_state', { state: 'RUNNING' })).toBe(1)

    run.kill('SIGTERM')
    const end = await run.finished()
    expect(end, end.stderr).toMatchObject({ exitCode: 143, summary: { records: 25_000, bytes: 2_500_000 } })
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  })

  it('names the side that limits: the target when it stands still, then the source, none when all is copied', async () => {
    await pair.createSourceTopic('sides', 2)
    await write('sides', 300_000, 1000)
    const job = await pair.job('sides', {
      topics: { include: ['sides'] },
      http: listen,
      limits: { memory: '320MiB' }
    })
    const run = job.start()
    const url = await run.url()
    await run.printed(/Worker 0 was given/)
    const limited = async (): Promise<Record<Side, number>> => {
      const told = await scrape(url).catch((cause: unknown) => {
        throw new Error(`nothing is to be scraped:\n${run.stderr}`, { cause })
      })
      const seconds = (side: Side) => sumOf(told, 'millrace_limited_seconds_total', { side })
      return Object.fromEntries(SIDES.map((side) => [side, seconds(side)])) as Record<Side, number>
    }
    /** Of each side, its part of the next seconds that are told: workers tell them twice a second, or later. */
    const shares = async (ofSeconds: number): Promise<Record<Side, number>> => {
      const before = await limited()
      let now = before
      const told = () => SIDES.reduce((sum, side) => sum + now[side] - before[side], 0)
      while (told() < ofSeconds) {
        await sleep(100)
        now = await limited()
      }
      return Object.fromEntries(SIDES.map((side) => [side, (now[side] - before[side]) / told()])) as Record<
        Side,
        number
      >
    }

    const first = await limited()
    const began = performance.now()
    await pair.target.kill('SIGSTOP')
    await sleep(3 * SECOND)
    const target = await shares(3)
    await pair.source.kill('SIGSTOP')
    await pair.target.kill('SIGCONT')
    // Together less than the session of a broker and of a group's member: neither is what this is about.
    await sleep(2 * SECOND)
    const source = await shares(3)
    await pair.source.kill('SIGCONT')
    // At full speed any side may limit: two brokers share the cores with the mirror.
    await expect.poll(() => delivered(url), { timeout: 60 * SECOND }).toBeGreaterThanOrEqual(300_000)
    // What was caught up is known by the next look at the lag.
    const toCopy = async () => sumOf(await scrape(url), 'millrace_lag_records')
    await expect.poll(toCopy, { timeout: 15 * SECOND, interval: 200 }).toBe(0)
    await sleep(SECOND)
    const none = await shares(3)
    const last = await limited()
    const told = SIDES.reduce((sum, side) => sum + last[side] - first[side], 0)
    const ofAllTime = told / ((performance.now() - began) / SECOND)
    run.kill('SIGTERM')
    await run.finished()
    const found = JSON.stringify({ target, source, none })
    expect(target.target, found).toBeGreaterThan(0.9)
    expect(source.source, found).toBeGreaterThan(0.9)
    expect(none.idle, found).toBeGreaterThan(0.9)
    // No second is left out, and none counted twice; the last may not have been told yet.
    expect(ofAllTime, found).toBeGreaterThan(0.9)
    expect(ofAllTime, found).toBeLessThan(1.1)
  })

  it('an address in use is told before anything starts, and nothing listens that was not asked for', async () => {
    await pair.createSourceTopic('quiet', 2)
    await write('quiet', 100)
    const job = await pair.job('quiet', { topics: { include: ['quiet'] } })
    const run = job.start()
    await run.printed(/Worker 0 was given/)
    expect([run.pid, ...run.workers()].map(listeningSockets)).toEqual([0, 0])
    run.kill('SIGTERM')
    await run.finished()

    const first = job.start(['--set', 'http.listen=127.0.0.1:0'])
    const url = await first.url()
    expect(listeningSockets(first.pid)).toBe(1)
    // A second one with the same state directory would be refused for that.
    const elsewhere = ['--set', `stateDir=${pair.directory}/elsewhere`]
    const second = await job.run(['--set', `http.listen=${new URL(url).host}`, ...elsewhere])
    expect(second.exitCode).toBe(2)
    expect(second.stderr).toContain('MR_LISTEN_FAILED')
    expect(second.stderr).not.toContain('Worker 0 started')
    first.kill('SIGTERM')
    await first.finished()
  })
})
