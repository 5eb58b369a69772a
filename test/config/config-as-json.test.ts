import { describe, expect, it } from 'vitest'
import { configAsJson } from '../../src/config/config-as-json.ts'

describe('a configuration as JSON', () => {
  it('has what was written, known or not', () => {
    const text = 'name: a # why\nsource: { connection: here }\nfuture: [1, { x: true }]\n'
    expect(configAsJson(text)).toEqual({ name: 'a', source: { connection: 'here' }, future: [1, { x: true }] })
  })

  it('has dotted properties in their map, wherever the map stands', () => {
    const text = 'source:\n  properties.client.id: x\n  properties: { linger.ms: 5 }\n  properties.a.b: 1\n'
    expect(configAsJson(text)).toEqual({ source: { properties: { 'client.id': 'x', 'linger.ms': 5, 'a.b': 1 } } })
  })

  it('keeps digits that a number would lose', () => {
    expect(configAsJson('name: 0123\nworkers: 2\nsource: { properties: { a: 1e3 } }')).toEqual({
      name: '0123',
      workers: 2,
      source: { properties: { a: '1e3' } }
    })
  })

  it('makes a list of a single name, and follows anchors', () => {
    expect(configAsJson('topics: { include: orders, exclude: &x [b] }')).toEqual({
      topics: { include: ['orders'], exclude: ['b'] }
    })
    expect(configAsJson('topics: { include: &x [b], exclude: *x }')).toEqual({
      topics: { include: ['b'], exclude: ['b'] }
    })
  })

  it.each([['[1]'], ['a: ['], ['text'], ['a: 1\n---\nb: 2']])('is nothing for %j', (text) => {
    expect(configAsJson(text)).toBeNull()
  })

  it('is empty for an empty text', () => expect(configAsJson('')).toEqual({}))

  it('takes __proto__ as a key like any other', () => {
    const json = configAsJson('__proto__: { polluted: true }')
    expect(Object.keys(json ?? {})).toEqual(['__proto__'])
    expect({}).not.toHaveProperty('polluted')
  })
})
