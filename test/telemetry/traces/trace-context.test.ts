import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTraceContext } from '../../../src/telemetry/traces/trace-context.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const parse = (text: string, state?: string) =>
  parseTraceContext(Buffer.from(text), state === undefined ? undefined : Buffer.from(state))

describe('parseTraceContext', () => {
  it('reads the example of the recommendation', () => {
    expect(parse(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true })
    expect(parse(`00-${TRACE}-${SPAN}-00`)?.traceFlags).toBe(0)
  })

  it('of the flags only the one that is defined counts', () => {
    expect(parse(`00-${TRACE}-${SPAN}-ff`)?.traceFlags).toBe(1)
    expect(parse(`00-${TRACE}-${SPAN}-fe`)?.traceFlags).toBe(0)
  })

  it('a later version may add something behind a dash', () => {
    expect(parse(`cc-${TRACE}-${SPAN}-01-what-comes`)?.traceId).toBe(TRACE)
    expect(parse(`cc-${TRACE}-${SPAN}-01`)?.traceId).toBe(TRACE)
    expect(parse(`cc-${TRACE}-${SPAN}-01.what`)).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more', `00-${TRACE}-${SPAN}-01-more`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long span id', `00-${TRACE}-${SPAN}0-01`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['a space before', ` 00-${TRACE}-${SPAN}-01`],
    ['a line break behind', `00-${TRACE}-${SPAN}-01\n`],
    ['something endless', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(600)}`]
  ])('%s is none', (_, text) => {
    expect(parse(text)).toBeUndefined()
  })

  it('any bytes are a context or none, without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(parseTraceContext(bytes, bytes)).toBeUndefined()
      })
    )
  })

  it('keeps the state of the vendors', () => {
    const context = parse(`00-${TRACE}-${SPAN}-01`, 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7')
    expect(context?.traceState?.get('congo')).toBe('t61rcWkgMzE')
    expect(parse(`00-${TRACE}-${SPAN}-01`, '')?.traceState).toBeUndefined()
    expect(parse(`00-${TRACE}-${SPAN}-01`, '\u0000=;;')?.traceState?.serialize()).toBe('')
  })
})
