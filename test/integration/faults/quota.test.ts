import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { administer } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { parseScrape, sumOf } from '../../helpers/scrape.ts'
import { ClusterPair } from './cluster-pair.ts'
import { FaultCase } from './fault-case.ts'

// The fault Q1: the target lets the mirror write less than it could.

const QUOTA = 100_000

describeWithBrokers('a producer quota at the target', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it('Q1: throttling is shown, memory stays below the limit, and nothing is lost', async () => {
    const fault = await FaultCase.start(pair, 'Q1', 'quota', {
      load: { rate: 3000, largest: 20_000 },
      job: { http: { listen: '127.0.0.1:0' } },
      // A process that exports metrics needs 32 MiB more.
      memoryMib: 288
    })
    const { run } = fault
    const url = await run.url()
    const throttled = async (): Promise<number> => {
      const text = await (await fetch(`${url}/metrics`)).text()
      return sumOf(parseScrape(text), 'millrace_broker_throttle_seconds', { cluster: 'target', statistic: 'max' })
    }
    expect(await throttled()).toBe(0)
    const quota = { client_id: 'millrace-quota-0', key: 'producer_byte_rate' }
    await administer(pair.targetCluster, 'set_quota', { ...quota, value: QUOTA })
    await expect.poll(throttled, { timeout: 60_000, interval: 500 }).toBeGreaterThan(0)
    // Longer than anything in memory lasts.
    await sleep(20_000)
    expect(run.count(/crashed|gave back/), run.stderr).toBe(0)
    await administer(pair.targetCluster, 'set_quota', quota)
    await fault.recovers(60_000)
    await fault.finish()
  })
})
