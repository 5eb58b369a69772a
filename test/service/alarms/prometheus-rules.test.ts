import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { AlarmRule, JobLifecycleState } from '../../../src/api/contract.ts'
import { ALARM_PRESETS } from '../../../src/service/alarms/presets.ts'
import { prometheusRules } from '../../../src/service/alarms/prometheus-rules.ts'
import { hasPromtool, promtool } from '../../helpers/promtool.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

const rule = (id: string, changes: Partial<AlarmRule>): AlarmRule => ({
  id,
  revision: 1,
  firing: 0,
  title: id,
  jobs: [],
  subject: 'lagRecords',
  condition: { is: 'above', value: 100 },
  forSeconds: 120,
  severity: 'warning',
  notify: [],
  enabled: true,
  ...changes
})
const state = (id: string, ...states: readonly JobLifecycleState[]) =>
  rule(id, { subject: 'state', condition: { is: 'one of', states }, forSeconds: 0, severity: 'critical' })

const RULES = [
  state('failed', 'FAILED', 'AUTH_FAILED'),
  state('degraded', 'DEGRADED', 'FAILED'),
  rule('lag', { jobs: ['dr', 'orders.v1'] }),
  rule('lag-time', { subject: 'lagSeconds', condition: { is: 'above', value: 60 } }),
  rule('late', { subject: 'latencyP99Ms', condition: { is: 'above', value: 500 } }),
  rule('slow', { subject: 'recordsPerSecond', condition: { is: 'below', value: 10 } }),
  rule('fast', { subject: 'bytesPerSecond', condition: { is: 'above', value: 1e6 } }),
  rule('pressure', { subject: 'backPressure', condition: { is: 'above', value: 0.8 } }),
  rule('bad', { subject: 'badRecords', condition: { is: 'above', value: 0 }, forSeconds: 0 })
]

interface Group {
  readonly rules: readonly { readonly alert: string; readonly expr: string }[]
}
const told = (text: string) => (parse(text) as { groups: Group[] }).groups.flatMap(({ rules }) => rules)

describe('rules for Prometheus', () => {
  it('are of the enabled rules alone', () => {
    expect(told(prometheusRules([rule('on', {}), rule('off', { enabled: false })])).map(({ alert }) => alert)).toEqual([
      'millrace-on'
    ])
  })

  it('name only metrics that a job exposes', () => {
    const names = told(prometheusRules(RULES)).flatMap(({ expr }) =>
      [...expr.matchAll(/millrace_\w+/g)].map(([name]) => name)
    )
    const docs = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')
    const used = new Set(names.filter((name) => name !== 'millrace_job'))
    expect(used.size).toBeGreaterThan(8)
    for (const name of used) expect(docs).toContain(`\`${name.replace(/_bucket$/, '')}\``)
  })

  it('say what they do not watch, so that nobody believes it', () => {
    const text = prometheusRules([
      rule('certificates', { subject: 'certificateDays' }),
      state('draft', 'DRAFT', 'FAILED'),
      state('submitted', 'SUBMITTED')
    ])
    expect(text).toContain('# certificates: no metric says when a certificate expires.')
    expect(text).toContain('# draft: no metric says that a job is DRAFT')
    expect(told(text).map(({ alert }) => alert)).toEqual(['millrace-draft'])
  })
})

describe.runIf(hasPromtool)('promtool', () => {
  const check = async (rules: readonly AlarmRule[]): Promise<string> => {
    await using dir = await tempDir()
    const path = join(dir.path, 'rules.yml')
    writeFileSync(path, prometheusRules(rules))
    return promtool(['check', 'rules', path])
  }

  it('takes all of them, the presets included, and none at all', async () => {
    const presets = ALARM_PRESETS.map((preset, n) => rule(`preset-${n}`, preset))
    expect(await check([...RULES, ...presets])).toBe('')
    expect(await check([])).toBe('')
  })

  it('takes titles and names that look like templates, expressions or YAML', async () => {
    const nasty = `{{ $value | printf "%s" }} " ' \\ # }} : \n- alert: x`
    expect(await check([rule('A.b_c-d', { title: nasty, jobs: ['a.b', 'c"}) or vector(1', 'd\\'] })])).toBe('')
  })

  it('finds that they fire and are silent as the rules say', async () => {
    const series = (name: string, labels: string, values: string) => ({ series: `${name}{${labels}}`, values })
    const running = series('millrace_job_state', 'millrace_job="dr", state="RUNNING"', '1x30')
    const paused = series('millrace_job_state', 'millrace_job="idle", state="RUNNING"', '0x30')
    const of = (job: string, more = ''): string => `millrace_job="${job}"${more}`
    const input = [
      running,
      paused,
      series('millrace_job_state', 'millrace_job="broken", state="FAILED"', '0x9 1x20'),
      series('millrace_job_state', 'millrace_job="dr", state="FAILED"', '0x30'),
      series('millrace_partitions', 'millrace_job="dr", state="stopped"', '0x19 2x11'),
      series('millrace_lag_records', of('dr', ', topic="t", partition="0"'), '60x9 90x20'),
      series('millrace_lag_records', of('dr', ', topic="t", partition="1"'), '30x30'),
      series('millrace_lag_records', of('ordersxv1', ', topic="t", partition="1"'), '3000x30'),
      // Ten records a second, then nothing.
      series('millrace_records_delivered_total', of('dr', ', topic="t", partition="0"'), '0+600x15 9000x15'),
      series('millrace_records_delivered_total', of('idle', ', topic="t", partition="0"'), '7x30'),
      series('millrace_bytes_delivered_total', of('dr'), '0+120000000x30'),
      series('millrace_replication_latency_seconds_bucket', of('dr', ', le="0.1"'), '0+10x30'),
      series('millrace_replication_latency_seconds_bucket', of('dr', ', le="1"'), '0+100x30'),
      series('millrace_replication_latency_seconds_bucket', of('dr', ', le="+Inf"'), '0+100x30'),
      series('millrace_limited_seconds_total', of('dr', ', side="target"'), '0+57x30'),
      series('millrace_limited_seconds_total', of('dr', ', side="idle"'), '0+3x30'),
      series('millrace_limited_seconds_total', of('idle', ', side="target"'), '0+1x30'),
      series('millrace_limited_seconds_total', of('idle', ', side="idle"'), '0+59x30'),
      series('millrace_records_dead_lettered_total', of('dr', ', topic="t", partition="0"'), '0x9 1x20'),
      series('millrace_records_skipped_total', of('idle', ', topic="t", partition="0"'), '0x30')
    ]
    const fires = (alert: string, at: string, ...jobs: readonly string[]) => {
      const { severity, title } = RULES.find(({ id }) => id === alert) ?? rule('', {})
      return {
        eval_time: at,
        alertname: `millrace-${alert}`,
        exp_alerts: jobs.map((job) => ({
          exp_labels: { severity, millrace_job: job },
          exp_annotations: { summary: `${job}: ${title}` }
        }))
      }
    }
    const tests = [
      fires('failed', '8m'),
      fires('failed', '11m', 'broken'),
      fires('degraded', '19m', 'broken'),
      fires('degraded', '21m', 'broken', 'dr'),
      // The dot of orders.v1 is one: ordersxv1 is another job.
      fires('lag', '10m'),
      fires('lag', '13m', 'dr'),
      fires('lag-time', '12m'),
      fires('lag-time', '20m', 'dr', 'ordersxv1'),
      fires('late', '10m', 'dr'),
      fires('slow', '14m'),
      // `idle` is paused.
      fires('slow', '20m', 'dr'),
      fires('fast', '10m', 'dr'),
      fires('pressure', '10m', 'dr'),
      fires('bad', '8m'),
      fires('bad', '12m', 'dr'),
      fires('bad', '25m')
    ].map((test) =>
      // No rate of it is known at all: its lag without end can't be told.
      test.alertname === 'millrace-lag-time'
        ? { ...test, exp_alerts: test.exp_alerts.filter(({ exp_labels }) => exp_labels.millrace_job !== 'ordersxv1') }
        : test
    )
    await using dir = await tempDir()
    writeFileSync(join(dir.path, 'rules.yml'), prometheusRules(RULES))
    const file = join(dir.path, 'test.yml')
    const test = { interval: '1m', input_series: input, alert_rule_test: tests }
    writeFileSync(file, stringify({ rule_files: ['rules.yml'], evaluation_interval: '1m', tests: [test] }))
    expect(promtool(['test', 'rules', file])).toBe('')
  })
})
