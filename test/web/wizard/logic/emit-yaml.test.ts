import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { emitYaml } from '../../../../web/wizard/logic/emit-yaml.ts'
import type { JsonMap } from '../../../../src/api/contract.ts'
import { configAsJson } from '../../../../src/config/config-as-json.ts'

const nasty = fc.constantFrom(
  'null', '~', 'true', 'No', '0123', '1e3', '1.5', '.5', '-', '- a', 'a: b', 'a #b', '#{source_Topic_name}', "it's",
  '/^orders\\..+/', '${file:/run/secrets/x}', '', ' ', 'a ', 'tab\t', 'line\nbreak', '\u0085', '\u2028', '\ufeff', '\u007f',
  '2026-01-31T12:00:00Z', '0x1f', '.inf', '[a]', '{a}', '*a', '&a', '!a', '%a', '@a', '`a', '?', ',', "'", '"', '__proto__',
  '\ud800', 'ÄÖ', '😀', '---', '...', '='
) // prettier-ignore
const text = fc.oneof(nasty, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
const { config } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('config')
  ),
  config: fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true })
}))

describe('a configuration as YAML', () => {
  it('reads back as what it was, whatever the texts look like', () => {
    fc.assert(
      fc.property(config as fc.Arbitrary<JsonMap>, (map) => {
        expect(parse(emitYaml(map), { maxAliasCount: 0 })).toEqual(map)
      }),
      { numRuns: 500 }
    )
  })

  it('is the same after the service has read it', () => {
    const job: JsonMap = {
      name: '0123',
      source: { connection: 'production', properties: { 'client.id': 'x', 'fetch.max.bytes': 16777216 } },
      topics: { include: ['orders', '/^payments\\..+/'], targetName: 'dr.#{source_Topic_name}' },
      start: { from: 'timestamp', time: '2026-01-31T12:00:00Z' },
      future: { list: [{ a: 1 }, [true]] }
    }
    expect(configAsJson(emitYaml(job))).toEqual(job)
  })

  it('looks as people write it', () => {
    expect(
      emitYaml({
        name: 'orders-to-dr',
        source: { connection: 'production' },
        topics: { include: ['orders', '/^a b/'], exclude: [] },
        limits: { memory: '512MiB' },
        workers: 2
      })
    ).toBe(
      "name: orders-to-dr\nsource:\n  connection: production\ntopics:\n  include: [orders, '/^a b/']\n  exclude: []\n" +
        "limits:\n  memory: '512MiB'\nworkers: 2\n"
    )
  })

  it('breaks a list that does not fit into a line', () => {
    const include = Array.from({ length: 40 }, (_, index) => `topic-${String(index)}`)
    expect(emitYaml({ topics: { include } }).split('\n')[2]).toBe('    - topic-0')
  })
})
