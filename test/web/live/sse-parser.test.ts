import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SseParser, type ServerSentEvent } from '../../../web/live/sse-parser.ts'

const parse = (...chunks: string[]) => {
  const parser = new SseParser()
  return { events: chunks.flatMap((chunk) => parser.push(chunk)), parser }
}

describe('SseParser', () => {
  it('comments and events without data say nothing, but keep the id', () => {
    const { events, parser } = parse(': still here\n\nid: 7\n\nretry: 2000\n\n')
    expect(events).toEqual([])
    expect(parser.lastEventId).toBe('7')
  })

  it('lines of data belong together; one space after the colon goes', () => {
    expect(parse('event: log\ndata: a\ndata:  b\ndata\n\n').events).toEqual([{ id: '', event: 'log', data: 'a\n b\n' }])
  })

  it('an event without its empty line is not told', () => {
    expect(parse('data: half').events).toEqual([])
  })

  it('the same events come out however the stream is cut', () => {
    const event = fc.record({
      id: fc.stringMatching(/^[a-z0-9]{1,5}$/),
      event: fc.constantFrom('job', 'log'),
      data: fc.string().filter((text) => !/[\r\n]/.test(text))
    })
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (events, newline, cuts) => {
          const text = events
            .map(({ id, event: type, data }) => [`id: ${id}`, `event: ${type}`, `data: ${data}`, '', ''].join(newline))
            .join('')
          const places = [...new Set(cuts.filter((cut) => cut < text.length))].sort((a, b) => a - b)
          const chunks = [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length))
          // A lone \r at the very end may yet become \r\n: one more line break settles it.
          const seen: ServerSentEvent[] = parse(...chunks, '\n').events
          expect(seen).toEqual(events)
        }
      )
    )
  })
})
