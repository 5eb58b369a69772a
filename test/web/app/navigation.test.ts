import { describe, expect, it } from 'vitest'
import { KeySequence } from '../../../web/app/key-sequence.ts'
import { matchRoute } from '../../../web/app/match-route.ts'

describe('matchRoute', () => {
  it.each([
    ['/jobs', '/jobs/', {}],
    ['/jobs/:name/:tab?', '/jobs/orders', { name: 'orders' }],
    ['/jobs/:name/:tab?', '/jobs/a%20b/log', { name: 'a b', tab: 'log' }],
    ['/', '/', {}]
  ])('%s takes %s', (pattern, path, parameters) => {
    expect(matchRoute(pattern, path)).toEqual(parameters)
  })

  it.each([
    ['/jobs', '/jobs/orders'],
    ['/jobs/:name', '/jobs'],
    ['/jobs/:name', '/jobs/%E0%A4%A'],
    ['/jobs/:name/:tab?', '/alarms/x']
  ])('%s does not take %s', (pattern, path) => {
    expect(matchRoute(pattern, path)).toBeUndefined()
  })
})

describe('KeySequence', () => {
  const KNOWN = ['?', '/', 'g j', 'g s']
  const type = (...keys: readonly (readonly [string, number])[]) => {
    const sequence = new KeySequence()
    return keys.map(([key, at]) => sequence.push(key, at, KNOWN))
  }

  it('two keys after each other', () => {
    expect(type(['g', 0], ['j', 300])).toEqual([undefined, 'g j'])
  })

  it('too slow is not a sequence', () => {
    expect(type(['g', 0], ['j', 5000])).toEqual([undefined, undefined])
  })

  it('a wrong second key may be a shortcut of its own, or a new beginning', () => {
    expect(type(['g', 0], ['?', 100])).toEqual([undefined, '?'])
    expect(type(['g', 0], ['g', 100], ['s', 200])).toEqual([undefined, undefined, 'g s'])
  })
})
