import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[]
}

/** What axe has against the page: each rule with its first place, or nothing. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = await page.evaluate<readonly Violation[]>('axe.run().then((found) => found.violations)')
  return violations.map(
    ({ id, nodes }) =>
      `${id} at ${nodes[0]?.target.join(' ') ?? ''} (${nodes.length}): ${nodes[0]?.failureSummary ?? ''}`
  )
}
