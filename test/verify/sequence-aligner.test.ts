import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { align, counts } from './align.ts'

const NONE = { lost: 0, duplicate: 0, reordered: 0, phantom: 0, altered: 0, redelivered: 0 }
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)
const found = (...args: Parameters<typeof align>) => counts(align(...args))

describe('aligning a target with its source', () => {
  it('finds nothing in a true copy', () => {
    const alignment = align(range(0, 100), range(0, 100))
    expect(counts(alignment)).toEqual(NONE)
    expect(alignment.compared).toBe(100)
    expect(found([], [])).toEqual(NONE)
  })

  it('names a lost record', () => {
    const alignment = align(range(0, 100), [...range(0, 40), ...range(41, 100)])
    expect(counts(alignment)).toEqual({ ...NONE, lost: 1 })
    expect(alignment.differences.lost.first).toEqual([{ source: 40 }])
  })

  it('names what is lost at the beginning, at the end, and everything', () => {
    expect(found(range(0, 50), range(3, 50))).toEqual({ ...NONE, lost: 3 })
    expect(found(range(0, 50), range(0, 47))).toEqual({ ...NONE, lost: 3 })
    expect(found(range(0, 50), [])).toEqual({ ...NONE, lost: 50 })
  })

  it('does not miss what was not committed yet, and does not take it for a phantom', () => {
    expect(found(range(0, 50), range(0, 45), { requiredTo: 45 })).toEqual(NONE)
    expect(found(range(0, 50), range(0, 48), { requiredTo: 45 })).toEqual(NONE)
    expect(found(range(0, 50), range(0, 44), { requiredTo: 45 })).toEqual({ ...NONE, lost: 1 })
  })

  it('names a phantom, anywhere', () => {
    for (const at of [0, 1, 50, 99, 100]) {
      const alignment = align(range(0, 100), [...range(0, at), 777, ...range(at, 100)])
      expect(counts(alignment), `at ${at}`).toEqual({ ...NONE, phantom: 1 })
      expect(alignment.differences.phantom.first).toEqual([{ target: at }])
    }
  })

  it('pairs what was altered', () => {
    const alignment = align(range(0, 100), [...range(0, 30), 777, 778, ...range(32, 99), 779])
    expect(counts(alignment)).toEqual({ ...NONE, altered: 3 })
    expect(alignment.pairs).toEqual([30, 31, 99].map((offset) => ({ source: offset, target: offset })))
  })

  it('pairs a long row of altered records', () => {
    const altered = range(0, 3000).map((record) => (record >= 500 && record < 2500 ? record + 10_000 : record))
    expect(found(range(0, 3000), altered, { chunk: 400 })).toEqual({ ...NONE, altered: 2000 })
  })

  it('names records that changed places', () => {
    const swapped = [...range(0, 10), 11, 10, ...range(12, 50)]
    expect(found(range(0, 50), swapped)).toEqual({ ...NONE, reordered: 1 })
    const early = [...range(0, 10), 40, ...range(10, 40), ...range(41, 50)]
    expect(found(range(0, 50), early)).toEqual({ ...NONE, reordered: 1 })
    const late = [...range(0, 10), ...range(11, 41), 10, ...range(41, 50)]
    expect(found(range(0, 50), late)).toEqual({ ...NONE, reordered: 1 })
    expect(align(range(0, 50), late).differences.reordered.first).toEqual([{ source: 10, target: 40 }])
  })

  it('names blocks that changed places, far apart', () => {
    const blocks = [...range(3000, 6000), ...range(0, 3000)]
    expect(found(range(0, 6000), blocks, { chunk: 500 })).toEqual({ ...NONE, reordered: 3000 })
  })

  it('tells a re-delivery from a stray duplicate', () => {
    const again = [...range(0, 30), ...range(10, 30), ...range(30, 60)]
    const alignment = align(range(0, 60), again)
    expect(counts(alignment)).toEqual({ ...NONE, redelivered: 20 })
    expect(alignment.redeliveries).toEqual([{ source: 10, target: 30, count: 20 }])
    // Broken off: nothing falls back and then leaps forward.
    expect(found(range(0, 60), [...range(0, 30), ...range(10, 20), ...range(30, 60)])).toEqual({
      ...NONE,
      duplicate: 10
    })
    expect(found(range(0, 60), [...range(0, 30), 5, ...range(30, 60)])).toEqual({ ...NONE, duplicate: 1 })
    expect(found(range(0, 60), [...range(0, 30), 50, ...range(30, 60)])).toEqual({ ...NONE, duplicate: 1 })
  })

  it('takes re-deliveries within re-deliveries, at the end and cut short as such', () => {
    const twice = [...range(0, 30), ...range(10, 20), ...range(5, 30), ...range(30, 60)]
    expect(found(range(0, 60), twice)).toEqual({ ...NONE, redelivered: 35 })
    expect(found(range(0, 30), [...range(0, 30), ...range(20, 30)])).toEqual({ ...NONE, redelivered: 10 })
    expect(found(range(0, 30), [...range(0, 30), ...range(20, 25)])).toEqual({ ...NONE, redelivered: 5 })
  })

  it('finds a long gap, on either side', () => {
    const options = { window: 1 << 12, chunk: 300, mostUnmatched: 100 }
    expect(found(range(0, 20_000), [...range(0, 100), ...range(15_000, 20_000)], options)).toEqual({
      ...NONE,
      lost: 14_900
    })
    const strange = [...range(0, 100), ...range(50_000, 60_000), ...range(100, 5000)]
    expect(found(range(0, 5000), strange, options)).toEqual({ ...NONE, phantom: 10_000 })
  })

  it('leaves out what only one side still has', () => {
    const trimmedTarget = align(range(0, 5000), range(3000, 5000), { targetTrimmed: true, chunk: 700 })
    expect(counts(trimmedTarget)).toEqual(NONE)
    expect(trimmedTarget.before).toEqual({ source: 3000, target: 0 })
    const trimmedSource = align(range(3000, 5000), range(0, 5000), { sourceTrimmed: true, chunk: 700 })
    expect(counts(trimmedSource)).toEqual(NONE)
    expect(trimmedSource.before).toEqual({ source: 0, target: 3000 })
  })

  it('is not confused by records that are alike', () => {
    const alike = Array.from({ length: 300 }, () => 1)
    expect(found(alike, alike)).toEqual(NONE)
    expect(found(alike, alike.slice(1))).toEqual({ ...NONE, lost: 1 })
    expect(found(alike, [...alike, 1, 1])).toEqual({ ...NONE, redelivered: 2 })
    const heartbeats = range(0, 300).map((index) => (index % 2 === 0 ? 1 : index))
    expect(found(heartbeats, heartbeats.toSpliced(101, 1))).toEqual({ ...NONE, lost: 1 })
  })
})

/*
 * Random faults, far enough apart that each has one explanation: they must be named exactly. Chunks of any size, so that
 * nothing depends on where a read ends.
 */
describe('aligning, with random faults', () => {
  type Fault = 'lose' | 'phantom' | 'alter' | 'move' | 'stray' | 'redeliver'
  const faults = fc.array(
    fc.record({
      fault: fc.constantFrom<Fault>('lose', 'phantom', 'alter', 'move', 'stray', 'redeliver'),
      size: fc.integer({ min: 1, max: 12 })
    }),
    { maxLength: 12 }
  )

  it('names each of them exactly', () => {
    fc.assert(
      fc.property(faults, fc.integer({ min: 1, max: 200 }), (list, chunk) => {
        const total = 60 * (list.length + 1)
        const expected = { ...NONE }
        const target: number[] = []
        let at = 0
        let strange = 1_000_000
        for (const { fault, size } of list) {
          target.push(...range(at, at + 30))
          at += 30
          switch (fault) {
            case 'lose':
              expected.lost += size
              at += size
              break
            case 'phantom':
              expected.phantom += size
              target.push(...range(strange, strange + size))
              strange += size
              break
            case 'alter':
              expected.altered += size
              target.push(...range(strange, strange + size))
              strange += size
              at += size
              break
            case 'move':
              // One record comes `size` records late.
              expected.reordered += 1
              target.push(...range(at + 1, at + 1 + size), at)
              at += 1 + size
              break
            case 'stray':
              expected.duplicate += 1
              target.push(at - 1 - size)
              break
            case 'redeliver':
              expected.redelivered += size
              target.push(...range(at - size, at))
              break
          }
        }
        target.push(...range(at, total))
        expect(found(range(0, total), target, { chunk })).toEqual(expected)
      }),
      { numRuns: 300 }
    )
  })

  it('accounts for every record of any two sequences', () => {
    const sequence = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 })
    fc.assert(
      fc.property(sequence, sequence, fc.integer({ min: 1, max: 20 }), (source, target, chunk) => {
        const alignment = align(source, target, { chunk, window: 1 << 8 })
        const { lost, duplicate, phantom, altered, redelivered, reordered } = counts(alignment)
        expect(alignment.compared + lost + altered).toBe(source.length)
        expect(alignment.compared + duplicate + phantom + altered + redelivered).toBe(target.length)
        expect(reordered).toBeLessThanOrEqual(alignment.compared)
        if (lost + duplicate + phantom + altered + redelivered + reordered === 0) expect(target).toEqual(source)
      }),
      { numRuns: 2000 }
    )
  })
})
