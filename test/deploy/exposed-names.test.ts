import { describe, expect, it } from 'vitest'
import { HISTOGRAMS } from '../../src/telemetry/metrics/histogram-readings.ts'
import { INSTRUMENTS } from '../../src/telemetry/metrics/instruments.ts'
import { alertExpressions, dashboardExpressions, labelsIn, metricsIn } from './expressions.ts'

/** Labels by name as Prometheus has it. That this is what is exposed is shown in test/job/expose-job.test.ts. */
const exposed = new Map<string, readonly string[]>()
for (const { name, kind, labels } of INSTRUMENTS) {
  exposed.set(name.replaceAll('.', '_') + (kind === 'counter' ? '_total' : ''), labels)
}
for (const { name } of HISTOGRAMS) {
  const plain = name.replaceAll('.', '_')
  exposed.set(`${plain}_bucket`, ['le']).set(`${plain}_sum`, []).set(`${plain}_count`, [])
}
/** What every series has: from us, and from the scrape. */
const EVERYWHERE = ['millrace_job', 'instance', 'job']

describe.each([
  ['dashboard', dashboardExpressions],
  ['alert', alertExpressions]
])('an expression of a %s', (_, expressions) => {
  it.each(expressions)('asks only for what is exposed: %s', (expression) => {
    const names = metricsIn(expression)
    expect(names.length + Number(expression.startsWith('up{'))).toBeGreaterThan(0)
    expect(names.filter((name) => !exposed.has(name))).toEqual([])
    const labels = new Set([...EVERYWHERE, ...names.flatMap((name) => exposed.get(name) ?? [])])
    expect(labelsIn(expression).filter((label) => !labels.has(label))).toEqual([])
  })
})

it('the dashboard shows what the workers measure', () => {
  const shown = new Set(dashboardExpressions.flatMap(metricsIn))
  for (const name of [
    'millrace_limited_seconds_total',
    'millrace_in_flight_bytes',
    'millrace_broker_rtt_seconds',
    'millrace_broker_throttle_seconds',
    'millrace_event_loop_delay_seconds',
    'millrace_checkpoint_age_seconds',
    'millrace_replication_latency_seconds_bucket',
    'millrace_pipeline_latency_seconds_bucket'
  ]) {
    expect(shown.has(name), name).toBe(true)
  }
})
