import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { pathsOf } from '../../src/config/assignments.ts'
import { ConfigErrors } from '../../src/config/config-errors.ts'
import { jobOptions } from '../../src/config/job-options.ts'
import { loadJobConfig } from '../../src/config/load-job-config.ts'

/*
 * A file comes from outside. Whatever is in it, there is a configuration or a list of what is wrong, each with its place: never another
 * error, never a crash.
 */

const VALID = `name: orders
source:
  bootstrapServers: a:9092
  security: { protocol: SASL_SSL, mechanism: PLAIN, username: me, password: '\${env:SECRET}' }
  properties.fetch.max.bytes: 16777216
target:
  bootstrapServers: b:9092
topics:
  include: [orders, '/^payments\\..+/']
  overrides: { orders: orders-copy }
partitions: same
limits: { memory: 512MiB }
stop: { at: '2026-01-02T03:04:05Z' }
`
const PLACE = /^job\.yaml(:\d+:\d+)?$/
const RUNS = { numRuns: 200 }
/** Hundreds of files are written and read in turn: about a second a test within the whole suite, above five on a full machine. */
const TIMEOUT = 30_000

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'millrace-config-'))
})
afterAll(() => rmSync(cwd, { recursive: true }))

function holds(content: string | Uint8Array): void {
  writeFileSync(join(cwd, 'job.yaml'), content)
  try {
    loadJobConfig({ file: 'job.yaml', cwd })
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error
    if (error.problems.length === 0) throw new Error('refused without a reason', { cause: error })
    for (const problem of error.problems) {
      if (!PLACE.test(problem.where)) throw new Error(`no place in the file: ${JSON.stringify(problem)}`)
      // What is there has a line; only what is missing has none.
      const hasLine = problem.where !== 'job.yaml'
      if (!hasLine && !/missing|required|needed|empty|must be (set|given)/i.test(problem.message)) {
        throw new Error(`neither a line nor something that is missing: ${JSON.stringify(problem)}`)
      }
    }
  }
}

const anything = fc.anything({ withNullPrototype: true, withBigInt: false, maxDepth: 3 })
const asJson = (value: unknown): string => JSON.stringify(value) ?? 'null'

describe('a configuration file holds', { timeout: TIMEOUT }, () => {
  it('any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), holds), RUNS)
  })

  it('any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), holds), RUNS)
  })

  it('the words of YAML in any order', () => {
    const marks = [
      '\n',
      '\n  ',
      '\n    ',
      ': ',
      ':',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '&a ',
      '*a',
      '!!str ',
      '!x ',
      '<<: '
    ]
    const rare = ['"', "'", '|', '>', '# ', '--- ', '...', '%YAML 1.1\n', '? ', '~', '\t', '\0', '\u2028']
    const plain =
      'null true .inf 0x1F 1e999 __proto__ name source topics include properties.a.b constructor start orders'
    const words = [...marks, ...rare, ...plain.split(' '), '/x/', '/(/', '12:00']
    const text = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join(''))
    fc.assert(fc.property(text, holds), { numRuns: 500 })
  })

  it('a document of any shape', () => {
    fc.assert(fc.property(anything.map(asJson), holds), RUNS)
  })

  it('any value in the place of any option', () => {
    const path = fc.constantFrom(...pathsOf(jobOptions))
    fc.assert(
      fc.property(path, anything, (keys, value) => {
        const whole = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
        const rest = VALID.split('\n').filter((line) => !line.startsWith(`${keys[0]}:`))
        // The option's section is replaced by one that has the value alone.
        const kept = dropSection(rest.join('\n'), keys[0] ?? '')
        holds(`${kept}\n${asJson(whole).slice(1, -1)}\n`.replace(/^"([^"]+)":/m, '$1: '))
      }),
      { numRuns: 500, examples: [[['start', 'offsets'], { '': { 0: '' } }]] }
    )
  })

  it('a valid one with some characters changed', () => {
    const change = fc.tuple(fc.nat(VALID.length - 1), fc.nat(3), fc.string({ unit: 'binary', maxLength: 4 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let text = VALID
        for (const [at, remove, insert] of changes) text = text.slice(0, at) + insert + text.slice(at + remove)
        holds(text)
      }),
      { numRuns: 600 }
    )
  })

  it('aliases that unfold into more than memory holds', () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      return `l${level}: &l${level} [${Array.from({ length: 10 }, () => (level === 0 ? 'x' : `*l${level - 1}`)).join(', ')}]`
    })
    holds(levels.join('\n'))
    holds(`topics: &t { include: [a], exclude: *t }`)
    holds(`${'['.repeat(20_000)}`)
    holds(`${'{a: '.repeat(5000)}`)
  })
})

function dropSection(text: string, key: string): string {
  const kept: string[] = []
  let dropping = false
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) dropping = line.startsWith(`${key}:`)
    if (!dropping) kept.push(line)
  }
  return kept.join('\n')
}
