import { describe, expect, it } from 'vitest'
import { readStartForm } from '../../../../web/job/start/start-form.ts'

const read = (from: 'offsets' | 'timestamp' | 'earliest', text = '') =>
  readStartForm({ from, time: text, offsets: text })

describe('where a start begins', () => {
  it('by offsets of partitions', () => {
    expect(read('offsets', 'orders 0 5\n\n  orders 1 0  \ncustomers 0 7')).toEqual({
      ok: true,
      request: { from: 'offsets', offsets: { orders: { 0: 5, 1: 0 }, customers: { 0: 7 } } }
    })
  })

  it.each([
    ['', 'at least one'],
    ['orders 0', 'Line 1'],
    ['orders 0 5\norders 0 6', 'Line 2'],
    ['orders -1 5', 'Line 1'],
    ['orders 0 99999999999999999', 'Line 1']
  ])('%j says which line is wrong', (text, words) => {
    const result = read('offsets', text)
    expect(result.ok ? '' : result.problem).toContain(words)
  })

  it('by time, once there is one', () => {
    expect(read('timestamp', '2026-03-01T12:00')).toEqual({
      ok: true,
      request: { from: 'timestamp', time: new Date('2026-03-01T12:00').getTime() }
    })
    expect(read('timestamp').ok).toBe(false)
  })

  it('else by a word', () => {
    expect(read('earliest')).toEqual({ ok: true, request: { from: 'earliest' } })
  })
})
