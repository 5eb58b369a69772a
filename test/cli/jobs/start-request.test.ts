import { describe, expect, it } from 'vitest'
import { startRequest } from '../../../src/cli/jobs/start-request.ts'

describe('the flags of a start', () => {
  it('name offsets by partition', () => {
    expect(startRequest({ from: 'offsets', offset: ['orders/3=42', 'orders/0=0', '__proto__/1=7'] })).toEqual({
      from: 'offsets',
      offsets: Object.fromEntries([
        ['orders', { 0: 0, 3: 42 }],
        ['__proto__', { 1: 7 }]
      ])
    })
  })

  it.each<[string, Parameters<typeof startRequest>[0]]>([
    ['no offset', { from: 'offsets' }],
    ['no position', { offset: ['orders/3=42'] }],
    ['no partition', { from: 'offsets', offset: ['orders=42'] }],
    ['a negative offset', { from: 'offsets', offset: ['orders/3=-1'] }],
    ['one that JavaScript would round', { from: 'offsets', offset: ['orders/3=9007199254740993'] }],
    ['two of one partition', { from: 'offsets', offset: ['orders/3=1', 'orders/03=2'] }],
    ['a time without its zone', { from: 'time', time: '2026-01-31T12:00:00' }]
  ])('are refused with %s', (_, flags) => {
    expect(() => startRequest(flags)).toThrow(expect.objectContaining({ kind: 'configuration' }))
  })
})
