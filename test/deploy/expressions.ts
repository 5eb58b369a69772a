import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

interface Drawn {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[]
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[]
}

const read = (path: string): string => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8')

/** Every PromQL expression of the dashboard, with Grafana's variables in it. */
export const dashboardExpressions = (JSON.parse(read('grafana/millrace.json')) as Drawn).panels.flatMap(
  ({ targets = [] }) => targets.map(({ expr }) => expr)
)

export const alertExpressions = (parse(read('alerts/millrace.rules.yml')) as Rules).groups.flatMap(({ rules }) =>
  rules.map(({ expr }) => expr)
)

/** With Grafana's variables replaced as Grafana does it. */
export function asPrometheusReads(expression: string): string {
  return expression.replaceAll('$__rate_interval', '1m').replaceAll('$job', '.*')
}

/** Names of metrics in an expression; `millrace_job` is a label. */
export function metricsIn(expression: string): string[] {
  return [...expression.replaceAll(/\{[^}]*\}/g, '').matchAll(/\bmillrace_\w+/g)]
    .map(([name]) => name)
    .filter((name) => name !== 'millrace_job')
}

/** Labels that an expression chooses or groups by. */
export function labelsIn(expression: string): string[] {
  const matchers = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) => [
    ...inside.matchAll(/(\w+)\s*[=!]/g)
  ])
  const groups = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, inside = '']) => inside.matchAll(/(\w+)/g))
  return [...matchers, ...groups.flatMap((group) => [...group])].map(([, label = '']) => label)
}
