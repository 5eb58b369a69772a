import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const DIRECTORIES: Readonly<Record<string, string>> = {
  docs: join(ROOT, 'docs/screenshots'),
  all: join(ROOT, '.cache/screenshots')
}

/**
 * `MILLRACE_TEST_SCREENSHOTS=docs`: the pictures that docs/console.md shows; `all`: every view, into .cache/screenshots, to be looked at.
 * Else there are none.
 */
export async function keepPicture(page: Page, name: string, isInDocs = false): Promise<void> {
  const wanted = process.env['MILLRACE_TEST_SCREENSHOTS'] ?? ''
  const directory = DIRECTORIES[wanted]
  if (directory === undefined || (wanted === 'docs' && !isInDocs)) return
  mkdirSync(directory, { recursive: true })
  await page.screenshot({ path: join(directory, `${name}.png`) })
}
