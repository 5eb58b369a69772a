import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readErrorsTable } from '../../../web/errors/read-errors-table.ts'

it('every code of docs/errors.md is found, with its meaning and next step', () => {
  const markdown = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  const entries = readErrorsTable(markdown)
  expect(entries.map(({ code }) => code)).toEqual([...markdown.matchAll(/^\| `(MR_\w+)`/gm)].map(([, code]) => code))
  expect(entries.filter(({ meaning, next }) => meaning === '' || next === '')).toEqual([])
})
