import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LogOptions, createLog } from '../../../src/telemetry/log/create-log.ts'
import { escapeControls } from '../../../src/telemetry/log/escape-controls.ts'
import type { LogAttributes } from '../../../src/telemetry/log/log.ts'
import { tellEvent } from '../../../src/telemetry/tell-event.ts'
import { anyEvent } from '../any-event.ts'

function logged(message: string, options: Partial<LogOptions> = {}, attributes?: LogAttributes): string {
  let text = ''
  const write = (line: string): void => void (text += line)
  createLog({ level: 'info', write, style: 'file', color: false, ...options }).log('warn', message, attributes)
  return text
}

describe('a line of the log', () => {
  it('has the full time in a file and the time of day on a terminal', () => {
    expect(logged('x')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn {2}x\n$/)
    expect(logged('x', { style: 'terminal' })).toMatch(/^\d\d:\d\d:\d\d warn {2}x\n$/)
  })

  it('is coloured only on request', () => {
    expect(logged('x', { color: true })).toContain('\u001B[33mwarn ')
    expect(logged('x')).not.toContain('\u001B')
  })

  it('stays one line, and what a broker says stays text', () => {
    expect(logged('a\r\nb\u001B[2J')).toMatch(/ a\\r\\nb\\x1b\[2J\n$/)
  })

  it('ends with the trace, if there is one, and has no other attribute', () => {
    expect(logged('x', {}, { worker: 1, trace_id: '4bf92f' })).toMatch(/ x trace_id=4bf92f\n$/)
    expect(logged('x', {}, { worker: 1, trace_id: undefined })).toMatch(/ x\n$/)
  })

  it('takes placeholders and fields for what they are', () => {
    const attributes = { message: 'other', stack: 'here', level: 'error' }
    expect(logged('100%s %d', {}, attributes)).toMatch(/ warn {2}100%s %d\n$/)
  })
})

describe('a line as JSON', () => {
  const json = (message: string, attributes?: LogAttributes): Record<string, unknown> =>
    JSON.parse(logged(message, { style: 'json', attributes: { job: 'orders' } }, attributes)) as Record<string, unknown>

  it('has time, level, message, the job, then what the event has', () => {
    const line = json('x', { event: 'completed', topic: 'a', partition: 0, offset: 9, code: undefined })
    expect(Object.keys(line)).toEqual(['time', 'level', 'message', 'job', 'event', 'topic', 'partition', 'offset'])
    expect(line).toMatchObject({ level: 'warn', message: 'x', job: 'orders', partition: 0, offset: 9 })
    expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it('shows what JSON does not escape to a terminal', () => {
    expect(json('a\nb \u009B31m \u202E \u2028')['message']).toBe('a\\nb \\x9b31m \\u{202e} \\u{2028}')
  })

  it('is never coloured', () => {
    expect(logged('x', { style: 'json', color: true })).not.toContain('\u001B')
  })

  it('of any event can be read, and no reader of its text is fooled by a control character', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        let text = ''
        tellEvent(createLog({ level: 'debug', write: (line) => (text += line), style: 'json', color: false }), event)
        expect(text).toMatch(/^\{[^\p{Cc}\p{Cf}\u2028\u2029]+\}\n$/u)
        const { message, level, event: type } = JSON.parse(text) as Record<string, unknown>
        expect(message).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
        expect(['error', 'warn', 'info', 'debug']).toContain(level)
        expect(type).toBe(event.type === 'mirror' ? event.event.type : event.type)
      })
    )
  })
})

describe('the level of a log', () => {
  it('may be changed while it runs', () => {
    const lines: string[] = []
    const log = createLog({ level: 'warn', write: (line) => lines.push(line), style: 'file', color: false })
    log.log('info', 'not yet')
    log.level = 'debug'
    expect(log.level).toBe('debug')
    log.log('debug', 'now')
    log.level = 'error'
    log.log('warn', 'no more')
    expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['now\n'])
  })
})

describe('escaping', () => {
  it.each([
    ['Grüße, 世界 🌍', 'Grüße, 世界 🌍'],
    ['tab\tbell\u0007del\u007F', 'tab\\tbell\\x07del\\x7f'],
    ['C1 \u009B31m', 'C1 \\x9b31m'],
    ['bidi \u202E\u2066', 'bidi \\u{202e}\\u{2066}'],
    ['line\u2028separator', 'line\\u{2028}separator']
  ])('%j', (text, escaped) => expect(escapeControls(text)).toBe(escaped))
})
