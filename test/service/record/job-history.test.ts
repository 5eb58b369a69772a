import { openSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JobFigures } from '../../../src/api/contract.ts'
import { HistoryRing } from '../../../src/service/record/history-ring.ts'
import { jobFigures } from '../../../src/service/record/job-figures.ts'
import { JobHistory } from '../../../src/service/record/job-history.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'
import { snapshotOf } from './snapshots.ts'

/** Thousands of small writes, on a disk that others use, too. */
vi.setConfig({ testTimeout: 30_000 })

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A time at which a minute begins. */
const START = Date.UTC(2030, 0, 1)

function figures(recordsOut: number, changes: Partial<JobFigures> = {}): JobFigures {
  const facts = { memoryLimit: 1, supervisorBytes: 0, losses: 0 }
  const none = jobFigures(undefined, { at: 0, snapshot: snapshotOf() }, facts)
  return { ...none, rates: { ...none.rates, recordsOut }, ...changes }
}

describe('the history of a job', () => {
  let dir: TempDir
  let history: JobHistory
  const open = (now = START): JobHistory => JobHistory.open(dir.path, now).history
  /** Twice a second, as jobs tell. */
  const run = (from: number, to: number, value: (at: number) => number): void => {
    for (let at = from; at < to; at += 500) history.measured(at, figures(value(at)))
  }

  beforeEach(async () => {
    dir = await tempDir()
    history = open()
  })
  afterEach(async () => {
    history.close()
    await dir.remove()
  })

  it('costs no file before something was measured', () => expect(readdirSync(dir.path)).toEqual([]))

  it('is means of rates, and the most of what peaks', () => {
    history.measured(START, figures(10, { lagRecords: 5, replicationLatencyMs: { p50: 1, p99: 100 } }))
    history.measured(START + 500, figures(20, { lagRecords: 9, replicationLatencyMs: { p50: 3, p99: 50 } }))
    history.measured(START + 5000, figures(0))
    const { series, at, stepSeconds } = history.read({ from: START, to: START + 4999 }, START + 6000)
    expect({ at, stepSeconds }).toEqual({ at: [START], stepSeconds: 5 })
    expect(series).toMatchObject({ recordsOut: [15], lagRecords: [9], latencyP50: [2], latencyP99: [100] })
  })

  it('has a gap where nothing was measured, also in the middle of a range, and 0 where 0 was', () => {
    run(START, START + 10 * SECOND, () => 7)
    run(START + 20 * SECOND, START + 30 * SECOND, () => 0)
    history.flush()
    const { series } = history.read({ from: START - 5000, to: START + 34_999 }, START + 40_000)
    expect(series.recordsOut).toEqual([null, 7, 7, null, null, 0, 0, null])
    expect(series.lagRecords).toEqual([null, null, null, null, null, null, null, null])
  })

  it('is as fine as kept: five seconds for the last hour, minutes for a week; never more points than a chart has', () => {
    const now = START + 2 * DAY
    run(now - 3 * HOUR, now, (at) => (at < now - HOUR ? 100 : 200))
    const hour = history.read({ from: now - HOUR }, now)
    expect(hour.stepSeconds).toBe(5)
    expect(hour.at.length).toBeGreaterThan(700)
    expect(hour.series.recordsOut[10]).toBe(200)
    const day = history.read({ from: now - DAY }, now)
    expect(day.stepSeconds).toBe(120)
    expect(day.at.length).toBeGreaterThanOrEqual(720)
    expect(day.at.length).toBeLessThanOrEqual(1000)
    expect(day.series.recordsOut.filter((value) => value === 100)).toHaveLength(60)
    expect(day.series.recordsOut[0]).toBeNull()
    const week = history.read({ from: now - 30 * DAY }, now)
    expect(week.at.length).toBeLessThanOrEqual(1000)
    expect(week.at[0]).toBeGreaterThan(now - 8 * DAY)
  })

  it('has steps at the same times, however the range moves', () => {
    const now = START + DAY
    const begins = [0, 7, 61, 119].map((s) => history.read({ from: now - DAY + s * SECOND }, now + s * SECOND).at[5])
    for (const begin of begins) expect((begin ?? 1) % (2 * MINUTE)).toBe(0)
  })

  it('is bounded on disk, however long the job runs, and what is too old is no part of it', () => {
    run(START, START + MINUTE, () => 5)
    for (let at = START; at < START + 9 * DAY; at += 20 * MINUTE) history.measured(at, figures(1))
    history.flush()
    const bytes = readdirSync(dir.path).reduce((sum, name) => sum + statSync(join(dir.path, name)).size, 0)
    expect(bytes).toBeLessThan(1024 * 1024)
    const { series } = history.read({ from: START, to: START + HOUR }, START + 9 * DAY)
    expect(series.recordsOut).toEqual([])
  })

  it('has a sparkline of five minutes that survives a restart', () => {
    run(START, START + 10 * MINUTE, () => 3)
    const now = START + 10 * MINUTE
    history.close()
    history = open(now)
    expect(history.sparkline(now)).toEqual(new Array(60).fill(3))
    expect(history.sparkline(now + 10 * SECOND).slice(-2)).toEqual([null, null])
  })

  it('goes on within the same minute after a restart', () => {
    run(START, START + 30 * SECOND, () => 10)
    history.close()
    history = open(START + 30 * SECOND)
    run(START + 30 * SECOND, START + 3 * HOUR, (at) => (at < START + MINUTE ? 20 : 0))
    const { series } = history.read({ from: START, to: START + MINUTE - 1 }, START + 3 * HOUR)
    expect(series.recordsOut).toEqual([15])
  })

  it('that is damaged is moved aside, not overwritten, and that is told', () => {
    run(START, START + MINUTE, () => 5)
    history.close()
    const path = join(dir.path, 'history-5s.bin')
    writeFileSync(path, 'somebody wrote a letter into it, which is longer than the header is, and keeps it dear')
    const opened = JobHistory.open(dir.path, START)
    expect(opened.movedTo).toHaveLength(1)
    expect(readFileSync(opened.movedTo[0] ?? '', 'utf8')).toContain('a letter')
    history = opened.history
    run(START, START + MINUTE, () => 5)
  })
})

describe('the file of a history', () => {
  const OPTIONS = { stepSeconds: 5, slots: 10 }
  const nine = (value: number): number[] => new Array<number>(9).fill(value)

  it('does not show a step whose write was cut short, wherever', async () => {
    await using dir = await tempDir()
    const path = join(dir.path, 'ring')
    const { ring } = HistoryRing.open({ path, ...OPTIONS })
    ring.write(100, nine(1))
    ring.write(101, nine(2))
    const whole = readFileSync(path)
    const fd = openSync(path, 'r+')
    // The same step of the next round, of which only some bytes reach the file.
    const other = HistoryRing.open({ path: `${path}2`, ...OPTIONS }).ring
    other.write(110, nine(3))
    const next = readFileSync(`${path}2`).subarray(64, 144)
    for (let bytes = 1; bytes < 80; bytes++) {
      writeSync(fd, whole, 64, 80, 64)
      writeSync(fd, next, 0, bytes, 64)
      expect(ring.read(110, 1)).toEqual([undefined])
      expect([undefined, nine(1)]).toContainEqual(ring.read(100, 1)[0])
      expect(ring.read(101, 1)).toEqual([nine(2)])
    }
    truncateSync(path, 70)
    expect(ring.read(100, 2)).toEqual([undefined, undefined])
    ring.close()
    other.close()
  })

  it('is begun anew where only a part of its header is there', async () => {
    await using dir = await tempDir()
    const path = join(dir.path, 'ring')
    writeFileSync(path, 'MRHIST01')
    const { ring, movedTo } = HistoryRing.open({ path, ...OPTIONS })
    ring.write(3, nine(1))
    ring.close()
    expect(movedTo).toBeUndefined()
    expect(HistoryRing.open({ path, ...OPTIONS }).ring.read(2, 3)).toEqual([undefined, nine(1), undefined])
  })

  it('is read over its end', async () => {
    await using dir = await tempDir()
    const { ring } = HistoryRing.open({ path: join(dir.path, 'ring'), ...OPTIONS })
    for (let step = 95; step < 105; step++) ring.write(step, nine(step))
    expect(ring.read(95, 10).map((values) => values?.[0])).toEqual([95, 96, 97, 98, 99, 100, 101, 102, 103, 104])
    ring.close()
  })

  it('loses at most the step that went on when its process is killed', async () => {
    await using dir = await tempDir()
    const path = join(dir.path, 'ring')
    const program = `
      import { HistoryRing } from ${JSON.stringify(new URL('../../../src/service/record/history-ring.ts', import.meta.url).href)}
      const { ring } = HistoryRing.open({ path: ${JSON.stringify(path)}, stepSeconds: 5, slots: 1000 })
      for (let step = 1; ; step++) {
        ring.write(step, new Array(9).fill(step))
        process.stdout.write(step + '\\n')
        await new Promise((resolve) => setImmediate(resolve))
      }`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    let told = ''
    child.stdout.on('data', (bytes: Buffer) => (told += bytes.toString()))
    while (told.length < 500) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGKILL')
    await once(child, 'close')
    const last = Number(told.trim().split('\n').at(-1))
    const { ring } = HistoryRing.open({ path, stepSeconds: 5, slots: 1000 })
    const from = Math.max(1, last - 50)
    expect(ring.read(from, last - from + 1)).toEqual(Array.from({ length: last - from + 1 }, (_, n) => nine(from + n)))
    ring.close()
  })
})
