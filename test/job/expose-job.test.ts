import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exposeJob, type Exposure, type ExposeOptions } from '../../src/job/expose-job.ts'
import type { JobEvent } from '../../src/telemetry/events.ts'
import { HISTOGRAMS } from '../../src/telemetry/metrics/histogram-readings.ts'
import { INSTRUMENTS } from '../../src/telemetry/metrics/instruments.ts'
import { checkMetrics, hasPromtool } from '../helpers/promtool.ts'
import { busyJob, busyPartition } from '../telemetry/busy-job.ts'

const reading = busyJob()

let exposure: Exposure | undefined
let events: JobEvent[] = []

async function expose(changes: Partial<ExposeOptions> = {}, maxPartitions = 1000): Promise<string | undefined> {
  exposure = await exposeJob({
    config: { name: 'orders-to-dr', http: { listen: '127.0.0.1:0' }, metrics: { intervalMs: 15_000, maxPartitions } },
    exports: undefined,
    instance: 'a1b2',
    read: () => reading,
    health: () => ({ ok: true, state: 'RUNNING' }),
    readiness: () => ({ ok: true, state: 'RUNNING' }),
    onEvent: (event) => events.push(event),
    ...changes
  })
  const listening = events.find((event) => event.type === 'listening')
  return listening?.url
}

async function scrape(url: string | undefined): Promise<string> {
  const answer = await fetch(`${url}/metrics`)
  expect(answer.status).toBe(200)
  return await answer.text()
}

beforeEach(() => {
  events = []
})
afterEach(async () => {
  await exposure?.close()
  exposure = undefined
})

describe('a job that is exposed', () => {
  it.runIf(hasPromtool)('has metrics that promtool has nothing to say against', async () => {
    expect(checkMetrics(await scrape(await expose()))).toBe('')
  })

  it('tells everything in the table and nothing else, each series with the labels that the table has', async () => {
    const text = await scrape(await expose())
    const series = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('target_info'))
    const nameOf = (name: string, kind: string) => name.replaceAll('.', '_') + (kind === 'counter' ? '_total' : '')
    const table = new Map<string, readonly string[]>(
      INSTRUMENTS.map(({ name, kind, labels }) => [nameOf(name, kind), labels])
    )
    for (const { name } of HISTOGRAMS) {
      const plain = nameOf(name, 'histogram')
      table.set(`${plain}_bucket`, ['le']).set(`${plain}_sum`, []).set(`${plain}_count`, [])
    }
    const told = new Set<string>()
    for (const line of series) {
      const [, name = '', labels = ''] = /^(\w+)\{(.*)\} \S+$/.exec(line) ?? []
      told.add(name)
      const names = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label ?? '')
      expect([...names].sort(), line).toEqual(['millrace_job', ...(table.get(name) ?? [])].sort())
    }
    expect([...told].sort()).toEqual([...table.keys()].sort())
  })

  it('tells the numbers of the job', async () => {
    const text = await scrape(await expose())
    const lines = text.split('\n')
    expect(lines).toContain(
      'millrace_records_delivered_total{millrace_job="orders-to-dr",topic="orders",partition="1"} 7'
    )
    expect(lines).toContain('millrace_limited_seconds_total{millrace_job="orders-to-dr",side="target"} 12.5')
    expect(lines).toContain('millrace_batch_records_count{millrace_job="orders-to-dr"} 3')
    expect(lines).toContain('millrace_job_state{millrace_job="orders-to-dr",state="RUNNING"} 1')
    expect(lines).toContain('millrace_job_state{millrace_job="orders-to-dr",state="FAILED"} 0')
    expect(text).not.toMatch(/millrace_lag_records\{[^}]*partition="1"/)
  })

  it('sums partitions when there are more than may have series', async () => {
    const text = await scrape(await expose({}, 1))
    expect(text).toContain('millrace_records_delivered_total{millrace_job="orders-to-dr",topic="orders"} 1007')
    expect(text).not.toContain('partition="')
  })

  it('has a series for each of many partitions', async () => {
    const partitions = Array.from({ length: 5000 }, (_, number) => busyPartition(number))
    const text = await scrape(await expose({ read: () => ({ ...reading, partitions }) }, 10_000))
    expect(text.match(/^millrace_records_delivered_total\{/gm)).toHaveLength(5000)
    expect(text).not.toContain('overflow')
  })

  it('says who it is, and nothing of its command line', async () => {
    const info = (await scrape(await expose())).split('\n').find((line) => line.startsWith('target_info{'))
    expect(info).toContain('service_name="millrace"')
    expect(info).toContain('service_instance_id="orders-to-dr-a1b2"')
    expect(info).not.toMatch(/process|command|host|vitest/)
  })

  it('listens nowhere and loads nothing unless it is asked for', async () => {
    const config = { name: 'orders-to-dr', http: {}, metrics: { intervalMs: 15_000, maxPartitions: 10 } }
    let asked = 0
    await expose({
      config,
      read: () => {
        asked += 1
        return reading
      }
    })
    expect(events).toEqual([])
    expect(asked).toBe(0)
  })

  it('says what the environment asks for and is not done', async () => {
    await expose({ exports: { disabled: false, warnings: ['OTEL_METRICS_EXPORTER: console is not supported.'] } })
    expect(events).toContainEqual({
      type: 'export-problem',
      text: 'OTEL_METRICS_EXPORTER: console is not supported.'
    })
  })

  it('keeps health where OTEL_SDK_DISABLED switches metrics off', async () => {
    const url = await expose({ exports: { disabled: true, warnings: [] } })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/metrics`)).status).toBe(503)
  })

  it('is refused with the option when its address is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const config = {
      name: 'x',
      http: { listen: `127.0.0.1:${port}` },
      metrics: { intervalMs: 15_000, maxPartitions: 10 }
    }
    await expect(expose({ config })).rejects.toMatchObject({ code: 'MR_LISTEN_FAILED' })
    other.close()
  })
})
