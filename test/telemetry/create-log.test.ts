import { describe, expect, it } from 'vitest'
import { type LogOptions, createLog } from '../../src/telemetry/create-log.ts'
import { escapeControls } from '../../src/telemetry/escape-controls.ts'

function logged(message: string, options: Partial<LogOptions> = {}): string {
  let text = ''
  const write = (line: string): void => void (text += line)
  createLog({ level: 'info', write, style: 'file', color: false, ...options }).log('warn', message)
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
