import { describe, expect, it } from 'vitest'
import { listAt, mapAt, textAt, valueAt, withValue } from '../../../../web/wizard/logic/json-path.ts'

describe('a value in a configuration', () => {
  it('is set where there was nothing, and read back', () => {
    const config = withValue({ name: 'a' }, ['limits', 'rate', 'bytes'], '10MiB')
    expect(config).toEqual({ name: 'a', limits: { rate: { bytes: '10MiB' } } })
    expect(valueAt(config, ['limits', 'rate', 'bytes'])).toBe('10MiB')
  })

  it('leaves what stands beside it, also what nobody knows, in its order', () => {
    const config = { future: 1, source: { connection: 'a', strange: [1] }, name: 'x' }
    const changed = withValue(config, ['source', 'connection'], 'b')
    expect(JSON.stringify(changed)).toBe('{"future":1,"source":{"connection":"b","strange":[1]},"name":"x"}')
    expect(config.source.connection).toBe('a')
  })

  it('takes the sections with it that it leaves empty', () => {
    expect(withValue({ a: { b: { c: 1 } }, d: 1 }, ['a', 'b', 'c'], undefined)).toEqual({ d: 1 })
    expect(withValue({ a: { b: 1, c: 2 } }, ['a', 'b'], undefined)).toEqual({ a: { c: 2 } })
    expect(withValue({ a: 1 }, ['b', 'c'], undefined)).toEqual({ a: 1 })
  })

  it('keeps dots of keys', () => {
    expect(withValue({}, ['source', 'properties', 'client.id'], 'x')).toEqual({
      source: { properties: { 'client.id': 'x' } }
    })
  })

  it('is nothing where something else stands in the way', () => {
    expect(valueAt({ a: 'text' }, ['a', 'length'])).toBeUndefined()
    expect(valueAt({ a: { b: null } }, ['a', 'b'])).toBeUndefined()
    expect(valueAt({}, ['constructor'])).toBeUndefined()
    expect(textAt({ a: [1] }, ['a'], 'otherwise')).toBe('otherwise')
    expect(listAt({ a: 'one' }, ['a'])).toEqual(['one'])
    expect(listAt({ a: { b: 1 } }, ['a'])).toEqual([])
    expect(mapAt({ a: [1] }, ['a'])).toEqual({})
  })
})
