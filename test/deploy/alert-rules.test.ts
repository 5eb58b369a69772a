import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { hasPromtool, promtool } from '../helpers/promtool.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const RULES = fileURLToPath(new URL('../../deploy/alerts/millrace.rules.yml', import.meta.url))
const RULES_TEST = RULES.replace('.rules.yml', '.rules.test.yml')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<Record<string, string>>
}

const rules = (parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules
)

describe('the alert rules', () => {
  it('each have a severity, a summary and what to do', () => {
    for (const { alert, labels, annotations } of rules) {
      expect(alert).toMatch(/^Millrace[A-Z]/)
      expect(['critical', 'warning']).toContain(labels.severity)
      expect(Object.keys(annotations).sort()).toEqual(['description', 'summary'])
    }
  })

  it('are each seen firing in their tests, and each silent', () => {
    const tests = parse(readFileSync(RULES_TEST, 'utf8')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[]
    }
    const cases = tests.tests.flatMap((test) => test.alert_rule_test)
    for (const { alert } of rules) {
      const own = cases.filter(({ alertname }) => alertname === alert)
      expect(
        own.some(({ exp_alerts: alerts = [] }) => alerts.length > 0),
        `${alert} fires`
      ).toBe(true)
      expect(
        own.some(({ exp_alerts: alerts = [] }) => alerts.length === 0),
        `${alert} is silent`
      ).toBe(true)
    }
  })
})

describe.runIf(hasPromtool)('promtool', () => {
  it('takes the rules', () => expect(promtool(['check', 'rules', RULES])).toBe(''))

  it('finds that they do what their tests say', () => {
    expect(promtool(['test', 'rules', RULES_TEST])).toBe('')
  })

  it('would object to a threshold that is another', async () => {
    await using dir = await tempDir()
    const [rulesCopy, testCopy] = [join(dir.path, 'millrace.rules.yml'), join(dir.path, 'millrace.rules.test.yml')]
    writeFileSync(rulesCopy, readFileSync(RULES, 'utf8').replace('> 0.95', '> 0.99'))
    writeFileSync(testCopy, readFileSync(RULES_TEST, 'utf8'))
    expect(promtool(['test', 'rules', testCopy])).toContain('MillraceMemoryNearLimit')
  })
})
