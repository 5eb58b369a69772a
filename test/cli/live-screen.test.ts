import { describe, expect, it } from 'vitest'
import { LiveScreen } from '../../src/cli/live-screen.ts'
import { FakeStream } from './fake-context.ts'
import { progressOf, snapshotOf } from './fake-job.ts'
import { TerminalEmulator } from './terminal-emulator.ts'

const RATES = { recordsPerSecond: 1, bytesPerSecond: 1 }

function watched(columns = 100, rows = 20) {
  const terminal = new TerminalEmulator(columns)
  const stream = new FakeStream({ columns, rows })
  stream.write = (text) => terminal.write(text)
  return { terminal, stream, screen: new LiveScreen(stream, false) }
}

function view(records: number, topics = 1) {
  const partitions = Array.from({ length: topics }, (_, index) => progressOf({ topic: `topic-${index}`, records }))
  return {
    snapshot: snapshotOf({ partitions, totals: { records, bytes: 1, altered: 0, deadLettered: 0, skipped: 0 } }),
    rates: RATES
  }
}

describe('a live screen', () => {
  it('draws the table over itself, whether it grows or shrinks', () => {
    const { terminal, screen } = watched()
    screen.show(view(1, 3))
    screen.show(view(2, 6))
    screen.show(view(3, 2))
    expect(terminal.text.match(/orders-to-dr/g)).toHaveLength(1)
    expect(terminal.text).toContain('3 records')
    expect(terminal.text).not.toContain('topic-2')
  })

  it('keeps every message, above the table', () => {
    const { terminal, screen } = watched()
    screen.print('before the table\n')
    screen.show(view(1))
    screen.print('first\n')
    screen.print('second\n')
    screen.show(view(2))
    const lines = terminal.text.split('\n')
    expect(lines.slice(0, 3)).toEqual(['before the table', 'first', 'second'])
    expect(lines[3]).toContain('orders-to-dr')
    expect(terminal.text.match(/orders-to-dr/g)).toHaveLength(1)
  })

  it('leaves no table and a visible cursor behind, and prints on after that', () => {
    const { terminal, screen } = watched()
    screen.show(view(1))
    expect(terminal.cursorVisible).toBe(false)
    screen.print('kept\n')
    screen.close()
    screen.show(view(2))
    screen.print('late\n')
    expect(terminal.text).toBe('kept\nlate')
    expect(terminal.cursorVisible).toBe(true)
  })

  it('stops listening to the size of the terminal', () => {
    const { terminal, stream, screen } = watched()
    screen.show(view(1))
    screen.close()
    stream.resize(40, 10)
    expect(terminal.text).toBe('')
  })

  it('counts the rows that a narrower terminal has made of its lines', () => {
    const stream = new FakeStream({ columns: 100, rows: 20 })
    const screen = new LiveScreen(stream, false)
    screen.show(view(1))
    const rows = stream.text.match(/\n/g)?.length ?? 0
    stream.text = ''
    stream.resize(30, 20)
    const up = Number(/(\d+)A/.exec(stream.text)?.[1])
    expect(up).toBeGreaterThan(rows)
  })
})
