import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/*
 * People search for codes: every code that a user can see has its row in docs/errors.md, and every row is a code that
 * there is. What the addon calls its errors is translated in src/client and stays inside.
 */
const root = new URL('../', import.meta.url)
const INSIDE = new Set(['MR_ADMIN', 'MR_COMMIT', 'MR_ALREADY_ATTACHED', 'MR_BATCH_RELEASED'])

const documented = codesIn(readFileSync(new URL('docs/errors.md', root), 'utf8'), /^\| `(MR_\w+)`/gm)
const used = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => codesIn(readFileSync(new URL(`src/${file}`, root), 'utf8'), /'(MR_[A-Z_]+)'/g))
  .filter((code) => !INSIDE.has(code))

function codesIn(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, code]) => code ?? '')
}

it('every code has its row in docs/errors.md', () => {
  expect(used.length).toBeGreaterThan(50)
  expect(used.filter((code) => !documented.includes(code))).toEqual([])
})

it('every row of docs/errors.md is a code that there is, in order and once', () => {
  expect(documented.filter((code) => !used.includes(code))).toEqual([])
  expect(documented).toEqual([...new Set(documented)].sort())
})
