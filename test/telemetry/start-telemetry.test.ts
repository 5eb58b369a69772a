import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTelemetry, type HistogramReading, type Telemetry } from '../../src/telemetry/start-telemetry.ts'
import { type OtlpReceiver, startOtlpReceiver } from '../helpers/otlp-receiver.ts'

const service = { name: 'millrace', version: '1.2.3', instanceId: 'orders-0' }
const latency: HistogramReading = {
  name: 'millrace.replication.latency.seconds',
  description: 'How long.',
  unit: 's',
  bounds: [0.1, 1],
  series: [{ attributes: { topic: 'orders' }, counts: [3, 2, 1], sum: 4.5, count: 6 }]
}

let receiver: OtlpReceiver
const problems: string[] = []
const onProblem = (text: string): void => void problems.push(text)
let telemetry: Telemetry | undefined

beforeEach(async () => {
  receiver = await startOtlpReceiver()
  problems.length = 0
})
afterEach(async () => {
  await telemetry?.shutdown(5000)
  telemetry = undefined
  await receiver.close()
})

/** All resource attributes that came in, and everything as text. */
function received(): string {
  return JSON.stringify(receiver.requests.map(({ body }) => body))
}

describe('traces', () => {
  it('arrive with the times they are given, and name the service', async () => {
    const traces = { protocol: 'http/json', url: `${receiver.url}/v1/traces`, headers: { 'x-api-key': 'k' } } as const
    telemetry = await startTelemetry({ service, traces, onProblem })
    const span = telemetry.tracer.startSpan('poll orders', { startTime: 1_800_000_000_000 })
    span.end(1_800_000_000_500)
    await telemetry.shutdown(5000)
    const [request] = receiver.requests
    expect(request?.path).toBe('/v1/traces')
    expect(request?.headers['x-api-key']).toBe('k')
    expect(received()).toMatch(/"startTimeUnixNano":"1800000000000000000","endTimeUnixNano":"1800000000500000000"/)
    expect(received()).toContain('"key":"service.instance.id","value":{"stringValue":"orders-0"}')
    expect(problems).toEqual([])
  })

  it('say nothing of the command line, the host or the user', async () => {
    const traces = { protocol: 'http/json', url: `${receiver.url}/v1/traces`, headers: {} } as const
    telemetry = await startTelemetry({ service, traces, onProblem })
    telemetry.tracer.startSpan('poll orders').end()
    await telemetry.shutdown(5000)
    expect(receiver.requests).toHaveLength(1)
    expect(received()).not.toMatch(/process\.|host\.|vitest/)
  })

  it('are sent as protobuf, too', async () => {
    const traces = { protocol: 'http/protobuf', url: `${receiver.url}/v1/traces`, headers: {} } as const
    telemetry = await startTelemetry({ service, traces, onProblem })
    telemetry.tracer.startSpan('poll orders').end()
    await telemetry.shutdown(5000)
    expect(receiver.requests[0]?.raw.toString('latin1')).toContain('poll orders')
  })

  it('of a collector that is away cost no more than the deadline', async () => {
    const url = receiver.url
    await receiver.close()
    telemetry = await startTelemetry({ service, traces: { protocol: 'http/json', url, headers: {} }, onProblem })
    for (let index = 0; index < 100; index += 1) telemetry.tracer.startSpan('poll orders').end()
    const began = performance.now()
    await telemetry.shutdown(300)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  it('that the collector refuses are told once, not for every export', async () => {
    receiver.refuse(400)
    const traces = { protocol: 'http/json', url: `${receiver.url}/v1/traces`, headers: {} } as const
    telemetry = await startTelemetry({ service, traces, onProblem })
    for (let index = 0; index < 2000; index += 1) telemetry.tracer.startSpan('poll orders').end()
    await telemetry.shutdown(5000)
    expect(receiver.requests.length).toBeGreaterThan(1)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain('Bad Request')
  })
})

describe('metrics', () => {
  const settings = (prometheus: boolean, otlp = false) => ({
    ...(otlp && { otlp: { protocol: 'http/json', url: `${receiver.url}/v1/metrics`, headers: {} } as const }),
    intervalMs: 1000,
    prometheus,
    histograms: () => [latency]
  })

  it('are shown to Prometheus: instruments and merged histograms', async () => {
    telemetry = await startTelemetry({ service, metrics: settings(true), onProblem })
    telemetry.meter
      .createObservableCounter('millrace.records.delivered', { description: 'Delivered.' })
      .addCallback((result) => result.observe(42, { topic: 'orders' }))
    const { writeMetrics } = telemetry
    const server = createServer((request, response) => writeMetrics?.(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const text = await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)).text()
    await new Promise((resolve) => server.close(resolve))
    expect(text).toContain('millrace_records_delivered_total{topic="orders"} 42')
    expect(text).toContain('millrace_replication_latency_seconds_bucket{topic="orders",le="1"} 5')
    expect(text).toContain('millrace_replication_latency_seconds_bucket{topic="orders",le="+Inf"} 6')
    expect(text).toContain('millrace_replication_latency_seconds_count{topic="orders"} 6')
    expect(text).not.toMatch(/process_command|host_name/)
  })

  it('are sent by OTLP, the last ones at the end', async () => {
    telemetry = await startTelemetry({ service, metrics: settings(false, true), onProblem })
    expect(telemetry.writeMetrics).toBeUndefined()
    telemetry.meter.createCounter('millrace.records.delivered').add(7)
    await telemetry.shutdown(5000)
    expect(receiver.requests.at(-1)?.path).toBe('/v1/metrics')
    expect(received()).toContain('"millrace.records.delivered"')
    expect(received()).toContain('"bucketCounts":[3,2,1]')
  })
})

it('another one may be started when one has ended', async () => {
  for (const operation of ['first', 'second']) {
    const traces = { protocol: 'http/json', url: `${receiver.url}/v1/traces`, headers: {} } as const
    telemetry = await startTelemetry({ service, traces, onProblem })
    telemetry.tracer.startSpan(operation).end()
    await telemetry.shutdown(5000)
  }
  expect(received()).toContain('second')
})
