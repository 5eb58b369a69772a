import { existsSync } from 'node:fs'
import { describe } from 'vitest'
import { findChromium } from './find-chromium.ts'
import { BUILT_CONSOLE } from './pretend-server.ts'

/**
 * `describe` for tests in a real browser: skipped, with the reason in its name, where it can't run; an error there in CI,
 * where a skipped test would pass for a tested one.
 */
export function describeWithConsole(name: string, tests: (chromium: string) => void): void {
  const chromium = findChromium()
  const reason =
    chromium === undefined
      ? 'no Chromium: apt-get install chromium, or set MILLRACE_TEST_CHROMIUM'
      : existsSync(BUILT_CONSOLE)
        ? undefined
        : 'the console is not built: npm run build:web'
  if (reason === undefined && chromium !== undefined) describe(name, () => tests(chromium))
  else if (process.env['CI'] === 'true') throw new Error(`${name} can't run here: ${reason ?? ''}`)
  else describe.skip(`${name} (${reason ?? ''})`, () => tests(''))
}
