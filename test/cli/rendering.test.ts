import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitLine, lineWidth } from '../../src/cli/fit-line.ts'
import { LineScreen } from '../../src/cli/line-screen.ts'
import { RateWindow } from '../../src/cli/rate-window.ts'
import { renderCheck } from '../../src/cli/render-check.ts'
import { renderResult } from '../../src/cli/render-result.ts'
import { topicProgress } from '../../src/cli/topic-progress.ts'
import { formatBytes, formatCount, formatSeconds, plural } from '../../src/model/format-quantities.ts'
import { FakeStream } from './fake-context.ts'
import { progressOf, resultOf, snapshotOf } from './fake-job.ts'

const ESC = '\u001B'

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1024 * 1024 - 1, '1.0 MiB'],
    [1.5 * 1024 ** 3, '1.5 GiB']
  ])('%d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it.each([
    [0.04, '0.0 s'],
    [9.96, '0:10'],
    [59.6, '1:00'],
    [3599.7, '1:00:00'],
    [36_610, '10:10:10']
  ])('%d seconds', (seconds, text) => expect(formatSeconds(seconds)).toBe(text))

  it('groups digits and knows one from many', () => {
    expect([999, 1000, 1_234_567].map(formatCount)).toEqual(['999', '1,000', '1,234,567'])
    expect([plural(1, 'record'), plural(0, 'record'), plural(2000, 'record')]).toEqual([
      '1 record',
      '0 records',
      '2,000 records'
    ])
  })
})

describe('a line that is too wide', () => {
  it('is cut where the terminal ends, colours not counted and closed', () => {
    const red = `${ESC}[31mabcdef${ESC}[39m`
    expect(lineWidth(red)).toBe(6)
    expect(fitLine(red, 6)).toBe(red)
    expect(fitLine(red, 4)).toBe(`${ESC}[31mabc${ESC}[39m…`)
  })

  it('fits always', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(lineWidth(fitLine(text, columns))).toBeLessThanOrEqual(columns)
      })
    )
  })
})

describe('speed', () => {
  it('is that of the last seconds, not of the whole run', () => {
    const window = new RateWindow(5000)
    let rates = window.add(0, { records: 0, bytes: 0 })
    expect(rates.recordsPerSecond).toBe(0)
    for (let at = 500; at <= 20_000; at += 500) rates = window.add(at, { records: at, bytes: at * 10 })
    expect(rates).toEqual({ recordsPerSecond: 1000, bytesPerSecond: 10_000 })
    for (let at = 20_500; at <= 26_000; at += 500) rates = window.add(at, { records: 20_000, bytes: 200_000 })
    expect(rates.recordsPerSecond).toBe(0)
  })
})

describe('progress where nothing can be drawn over', () => {
  it('is a line every five seconds, without any control character', () => {
    const stream = new FakeStream()
    let now = 0
    const screen = new LineScreen(stream, undefined, () => now)
    for (; now < 11_000; now += 500)
      screen.show({ snapshot: snapshotOf(), rates: { recordsPerSecond: 5, bytesPerSecond: 7 } })
    const lines = stream.text.trimEnd().split('\n')
    expect(lines).toEqual(
      Array.from({ length: 2 }, () => expect.stringMatching(/^RUNNING 0:12: 1,234,567 records \(5\/s\)/))
    )
    expect(stream.text).not.toContain(ESC)
  })

  it('tells the end once, however long its processes take to leave', () => {
    const stream = new FakeStream()
    let now = 0
    const screen = new LineScreen(stream, undefined, () => now)
    const rates = { recordsPerSecond: 5, bytesPerSecond: 7 }
    for (; now < 30_000; now += 500) {
      screen.show({ snapshot: { ...snapshotOf(), state: now < 6000 ? 'RUNNING' : 'STOPPED' }, rates })
    }
    expect(stream.text.match(/RUNNING|STOPPED/g)).toEqual(['RUNNING', 'STOPPED'])
  })
})

describe('topics', () => {
  it('add up their partitions; an end that is not known does not count as caught up', () => {
    const { end: _, ...unknown } = progressOf({ partition: 2 })
    const partitions = [progressOf(), progressOf({ partition: 1, state: 'stopped', to: 200 }), unknown]
    expect(topicProgress(partitions)).toEqual([
      expect.objectContaining({ partitions: 3, records: 300, lag: 50, state: 'copying 2, stopped 1' })
    ])
    expect(topicProgress([unknown])[0]?.lag).toBeUndefined()
  })
})

describe('the result of a run', () => {
  it('says what was copied', () => {
    const lines = renderResult(resultOf('COMPLETED'), false)
    expect(lines[0]).toBe('orders-to-dr COMPLETED after 2.0 s: 100 records, 9.8 KiB (50 records/s, 4.9 KiB/s)')
    expect(lines[2]).toMatch(/^orders +orders-copy +1 +100$/)
    expect(lines).toHaveLength(3)
  })

  it('names what was altered, what stopped and why, and the ranges that may be copied again', () => {
    const reason = { code: 'MR_LOSS', message: 'gone.', next: 'Look.', place: {} }
    const text = renderResult(
      resultOf('FAILED', {
        summary: { ...resultOf('FAILED').summary, altered: 3 },
        stopped: [progressOf({ state: 'stopped', reason })],
        mayRepeat: [{ topic: 'orders', partition: 0, from: 90, to: 100 }]
      }),
      false
    ).join('\n')
    expect(text).toContain('3 records did not keep the timestamp')
    expect(text).toContain('orders-0 at offset 100, MR_LOSS: gone. Next: Look.')
    expect(text).toContain('orders-0 offsets 90 to 99 (10)')
  })

  it('stays readable with thousands of partitions', () => {
    const mayRepeat = Array.from({ length: 5000 }, (_, partition) => ({ topic: 't', partition, from: 0, to: 1 }))
    expect(renderResult(resultOf('STOPPED', { mayRepeat }), false).length).toBeLessThan(50)
  })
})

describe('a check', () => {
  it('shows each stage, and below what to do', () => {
    const stage = {
      cluster: 'source',
      ok: true,
      next: undefined,
      code: undefined,
      kind: undefined,
      milliseconds: 3
    } as const
    const lines = renderCheck(
      [
        { ...stage, stage: 'dns', detail: 'kafka-a is 10.0.0.1' },
        { ...stage, stage: 'tcp', ok: false, detail: 'connection refused', code: 'MR_TCP_FAILED', next: 'Start it.' }
      ],
      false
    )
    expect(lines[1]).toMatch(/^source +dns +ok +3 +kafka-a is 10\.0\.0\.1$/)
    expect(lines[2]).toMatch(/^source +tcp +failed +3 +MR_TCP_FAILED: connection refused$/)
    expect(lines.at(-1)).toBe('source, tcp: Start it.')
  })
})
