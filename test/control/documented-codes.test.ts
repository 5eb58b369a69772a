import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

it.each(['src/mapping', 'src/control'])('every code of %s has its row in docs/errors.md', (folder) => {
  const documented = new Set(Array.from(read('docs/errors.md').matchAll(/^\| `(MR_\w+)`/gm), ([, code]) => code))
  const used = readdirSync(new URL(folder, root))
    .flatMap((file) => Array.from(read(`${folder}/${file}`).matchAll(/'(MR_[A-Z_]+)'/g), ([, code]) => code))
    .filter((code) => code !== undefined)
  expect(used.length).toBeGreaterThan(0)
  expect(used.filter((code) => !documented.has(code))).toEqual([])
})
