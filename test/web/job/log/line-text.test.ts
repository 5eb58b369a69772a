import { expect, it } from 'vitest'
import { lineMatches, lineText } from '../../../../web/job/log/line-text.ts'

const line = { id: 1, at: 0, level: 'warn', message: 'Throttled', attributes: { topic: 'orders' } } as const

it('a line as text has its attributes', () => {
  expect(lineText(line)).toBe('1970-01-01T00:00:00.000Z WARN  Throttled {"topic":"orders"}')
  expect(lineText({ ...line, attributes: {} })).toBe('1970-01-01T00:00:00.000Z WARN  Throttled')
})

it('a live line is searched as the log is: message and attributes, whatever the case', () => {
  expect(lineMatches(line, 'ORDERS')).toBe(true)
  expect(lineMatches(line, 'customers')).toBe(false)
  expect(lineMatches(line, '')).toBe(true)
})
