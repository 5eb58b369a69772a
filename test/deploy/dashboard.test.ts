import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dashboardJson } from '../../scripts/generate-dashboard.ts'
import { hasPromtool, promtool } from '../helpers/promtool.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { asPrometheusReads, dashboardExpressions, metricsIn } from './expressions.ts'

interface DrawnPanel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly datasource: { readonly uid: string }
  readonly fieldConfig: { readonly defaults: { readonly unit: string } }
  readonly targets: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[]
}

const text = readFileSync(new URL('../../deploy/grafana/millrace.json', import.meta.url), 'utf8')
const dashboard = JSON.parse(text) as {
  readonly panels: readonly DrawnPanel[]
  readonly templating: { readonly list: readonly { readonly name: string }[] }
}
const drawn = dashboard.panels.filter(({ type }) => type !== 'row')

describe('the dashboard', () => {
  it('is up to date (npx tsx scripts/generate-dashboard.ts)', () => expect(text).toBe(dashboardJson()))

  it('asks for a data source and a job, and every curve obeys both', () => {
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job'])
    for (const { datasource, targets } of drawn) {
      expect(
        [datasource, ...targets.map((target) => target.datasource)].every(({ uid }) => uid === '${datasource}')
      ).toBe(true)
    }
    for (const expr of dashboardExpressions) {
      expect(expr.match(/millrace_\w+\{millrace_job=~"\$job"/g)).toHaveLength(metricsIn(expr).length)
    }
  })

  it('has a title, a description, a unit and a curve in each panel', () => {
    expect(drawn.length).toBeGreaterThan(20)
    for (const { title, description, fieldConfig, targets } of drawn) {
      expect([title, description, fieldConfig.defaults.unit]).not.toContain('')
      expect(targets.length, title).toBeGreaterThan(0)
    }
    expect(new Set(drawn.map(({ title }) => title)).size).toBe(drawn.length)
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  })

  it('puts no panel on another, and none beside the screen', () => {
    const taken = new Set<string>()
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).toBe(false)
          taken.add(`${x} ${y}`)
        }
      }
    }
  })
})

describe.runIf(hasPromtool)('promtool', () => {
  const check = async (queries: readonly string[]): Promise<string> => {
    await using dir = await tempDir()
    const rules = queries.map((query, index) => ({ record: `millrace:panel:${index}`, expr: asPrometheusReads(query) }))
    const file = join(dir.path, 'rules.yml')
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }))
    return promtool(['check', 'rules', file])
  }

  it('can read every expression', async () => expect(await check(dashboardExpressions)).toBe(''))

  it('would object to one that is none', async () => {
    expect(await check([...dashboardExpressions, 'sum(millrace_lag_records'])).toContain('parse error')
  })
})
