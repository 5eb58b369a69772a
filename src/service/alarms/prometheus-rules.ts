import { stringify } from 'yaml'
import type { AlarmRule, AlarmRuleInput, JobLifecycleState } from '../../api/contract.ts'

/** What can't be said with the metrics that a job exposes is a comment, so that nobody believes it is watched. */
export function prometheusRules(rules: readonly AlarmRule[]): string {
  const enabled = rules.filter((rule) => rule.enabled)
  const told: object[] = []
  const comments: string[] = []
  for (const rule of enabled) {
    const { expression, missing } = expressionOf(rule)
    if (missing !== undefined) comments.push(`# ${rule.id}: ${missing}`)
    if (expression === undefined) continue
    told.push({
      alert: `millrace-${rule.id}`,
      expr: expression,
      ...(rule.forSeconds > 0 && { for: `${Math.ceil(rule.forSeconds)}s` }),
      labels: { severity: rule.severity },
      annotations: { summary: `{{ $labels.millrace_job }}: ${literal(rule.title)}` }
    })
  }
  const head = ['# Alarm rules of the millrace service, for the metrics that its jobs expose.', ...comments].join('\n')
  return `${head}\n${stringify({ groups: [{ name: 'millrace-service', rules: told }] }, { lineWidth: 0 })}`
}

interface Expression {
  readonly expression?: string
  /** What of the rule is not in the expression. */
  readonly missing?: string
}

const BY_JOB = 'sum by (millrace_job)'

function expressionOf({ subject, condition, jobs }: AlarmRuleInput): Expression {
  const select = (...labels: readonly string[]): string => {
    const all = [...(jobs.length === 0 ? [] : [`millrace_job=~"${alternatives(jobs)}"`]), ...labels]
    return all.length === 0 ? '' : `{${all.join(', ')}}`
  }
  if (condition.is === 'one of') return stateExpression(condition.states, select)
  const compared = `${condition.is === 'above' ? '>' : '<'} ${condition.value}`
  const rate = (metric: string, ...labels: readonly string[]): string =>
    `${BY_JOB} (rate(${metric}${select(...labels)}[1m]))`
  /** A job that is paused copies nothing, as it should. */
  const whileRunning = (expression: string): Expression => ({
    expression: `(${expression} ${compared}) and on (millrace_job) max by (millrace_job) (millrace_job_state${select('state="RUNNING"')}) == 1`
  })
  const lag = `${BY_JOB} (millrace_lag_records${select()})`
  switch (subject) {
    case 'lagRecords':
      return { expression: `${lag} ${compared}` }
    case 'lagSeconds':
      return { expression: `${lag} / ${rate('millrace_records_delivered_total')} ${compared}` }
    case 'latencyP99Ms': {
      const buckets = `sum by (millrace_job, le) (rate(millrace_replication_latency_seconds_bucket${select()}[1m]))`
      return { expression: `1000 * histogram_quantile(0.99, ${buckets}) ${compared}` }
    }
    case 'recordsPerSecond':
      return whileRunning(rate('millrace_records_delivered_total'))
    case 'bytesPerSecond':
      return whileRunning(rate('millrace_bytes_delivered_total'))
    case 'backPressure': {
      const [target, all] = [
        rate('millrace_limited_seconds_total', 'side="target"'),
        rate('millrace_limited_seconds_total')
      ]
      return whileRunning(`${target} / ${all}`)
    }
    case 'badRecords': {
      // A sum of two vectors has only what is in both; the label keeps them apart in one.
      const [dead, skipped] = ['dead_lettered', 'skipped'].map(
        (what) => `label_replace(increase(millrace_records_${what}_total${select()}[5m]), "what", "${what}", "", "")`
      )
      return { expression: `${BY_JOB} (${dead} or ${skipped}) ${compared}` }
    }
    case 'certificateDays':
      return { missing: 'no metric says when a certificate expires.' }
    case 'state':
      return { missing: 'a state is compared with a number.' }
  }
}

const WITH_METRIC: readonly JobLifecycleState[] = [
  'STARTING',
  'RUNNING',
  'PAUSED',
  'STOPPING',
  'STOPPED',
  'COMPLETED',
  'FAILED',
  'AUTH_FAILED'
]

function stateExpression(
  states: readonly JobLifecycleState[],
  select: (...labels: readonly string[]) => string
): Expression {
  const plain = states.filter((state) => WITH_METRIC.includes(state))
  const without = states.filter((state) => state !== 'DEGRADED' && !plain.includes(state))
  const parts = [
    ...(plain.length === 0
      ? []
      : [`max by (millrace_job) (millrace_job_state${select(`state=~"${plain.join('|')}"`)}) == 1`]),
    ...(states.includes('DEGRADED') ? [`${BY_JOB} (millrace_partitions${select('state="stopped"')}) > 0`] : [])
  ]
  return {
    ...(parts.length > 0 && { expression: parts.join(' or ') }),
    ...(without.length > 0 && { missing: `no metric says that a job is ${without.join(' or ')}: it has no process.` })
  }
}

/** Names as a regular expression inside of a PromQL string. */
function alternatives(names: readonly string[]): string {
  const expression = names.map((name) => name.replaceAll(/[^A-Za-z0-9_-]/g, String.raw`\$&`)).join('|')
  return expression.replaceAll(/["\\]/g, String.raw`\$&`)
}

/** A title is no template of Prometheus. */
function literal(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}')
}
