import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OffsetTracker } from '../../src/checkpoint/offset-tracker.ts'
import { range } from '../model/batch-of.ts'

describe('the checkpoint', () => {
  it('begins at the start', () => {
    expect(new OffsetTracker(42)).toMatchObject({ checkpoint: 42, waiting: 0, leaderEpoch: -1 })
  })

  it('waits for the first batch, then takes all that is contiguous', () => {
    const tracker = new OffsetTracker(0)
    tracker.settle(5, 10)
    tracker.settle(20, 30)
    expect(tracker).toMatchObject({ checkpoint: 0, waiting: 2 })
    tracker.settle(0, 5)
    expect(tracker).toMatchObject({ checkpoint: 10, waiting: 1 })
  })

  it('is not moved by a batch that covers nothing', () => {
    const tracker = new OffsetTracker(5)
    tracker.settle(5, 5)
    tracker.settle(9, 3)
    expect(tracker).toMatchObject({ checkpoint: 5, waiting: 0 })
  })

  it('stays behind a batch that was delivered in part', () => {
    const tracker = new OffsetTracker(0)
    tracker.settle(10, 20)
    tracker.settle(0, 7)
    expect(tracker.checkpoint).toBe(7)
    tracker.rewind()
    tracker.settle(7, 20)
    expect(tracker).toMatchObject({ checkpoint: 20, waiting: 0 })
  })

  it('never goes back', () => {
    const tracker = new OffsetTracker(0)
    tracker.settle(0, 10)
    tracker.settle(0, 5)
    expect(tracker.checkpoint).toBe(10)
  })

  it('has the epoch of the record before it, in whatever order batches settle', () => {
    const tracker = new OffsetTracker(0)
    tracker.settle(5, 10, { leaderEpoch: 3 })
    tracker.settle(0, 5, { leaderEpoch: 2 })
    expect(tracker).toMatchObject({ checkpoint: 10, leaderEpoch: 3 })
  })

  it('has no epoch where the last batch has none: an older one would look like a truncated log', () => {
    const tracker = new OffsetTracker(0)
    tracker.settle(0, 5, { leaderEpoch: 2 })
    tracker.settle(5, 8, { leaderEpoch: -1 })
    expect(tracker.leaderEpoch).toBe(-1)
  })
})

/** Knows each offset by itself, and forgets what is above the checkpoint on a rewind. */
class NaiveTracker {
  readonly #settled = new Set<number>()
  #checkpoint: number

  constructor(start: number) {
    this.#checkpoint = start
  }

  get checkpoint(): number {
    while (this.#settled.has(this.#checkpoint)) this.#checkpoint += 1
    return this.#checkpoint
  }

  settle(from: number, to: number): void {
    for (const offset of range(from, to)) this.#settled.add(offset)
  }

  rewind(): void {
    const { checkpoint } = this
    for (const offset of this.#settled) if (offset >= checkpoint) this.#settled.delete(offset)
  }
}

describe('against a model that knows every offset', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.record({ do: fc.constant('settle' as const), pick: fc.nat(1000) }) },
      { weight: 6, arbitrary: fc.record({ do: fc.constant('read' as const), pick: fc.integer({ min: 1, max: 9 }) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), pick: fc.nat(1000) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), pick: fc.nat(1000) }) }
    ),
    { maxLength: 80 }
  )

  it('it is the same after every step, never past a record that is not settled', () => {
    fc.assert(
      fc.property(steps, fc.nat(50), (all, start) => {
        const tracker = new OffsetTracker(start)
        const naive = new NaiveTracker(start)
        let position = start
        let out: [number, number][] = []
        let done: [number, number][] = []
        const settle = (from: number, to: number) => {
          tracker.settle(from, to)
          naive.settle(from, to)
        }
        for (const step of all) {
          const index = step.pick % Math.max(1, out.length)
          if (step.do === 'read') {
            out.push([position, position + step.pick])
            position += step.pick
          } else if (step.do === 'settle') {
            const span = out.splice(index, 1)[0]
            if (span === undefined) continue
            settle(...span)
            done.push(span)
          } else if (step.do === 'repeat') {
            const span = done[step.pick % Math.max(1, done.length)]
            if (span !== undefined) settle(...span)
          } else {
            // A batch fails in the middle: what is out settles or not, then all is read again from the checkpoint.
            const span = out[index]
            if (span !== undefined) settle(span[0], span[0] + (step.pick % (span[1] - span[0])))
            tracker.rewind()
            naive.rewind()
            position = tracker.checkpoint
            out = []
            done = []
          }
          expect(tracker.checkpoint).toBe(naive.checkpoint)
        }
        for (const span of out) settle(...span)
        expect(tracker.checkpoint).toBe(position)
        expect(tracker.waiting).toBe(0)
      }),
      { numRuns: 300 }
    )
  })
})
