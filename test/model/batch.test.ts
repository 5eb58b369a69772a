import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RECORD_OVERHEAD_BYTES } from '../../src/model/batch.ts'
import type { Batch } from '../../src/model/batch.ts'
import type { Settlement } from '../../src/model/settlement.ts'
import { batchOf } from './batch-of.ts'

const DELIVERED: Settlement = { delivered: 10, altered: 0, runs: [] }

describe('a batch is settled once', () => {
  it('with the first word, whatever is said later', () => {
    const { batch, settled } = batchOf()
    batch.settle(DELIVERED)
    batch.settle({ ...DELIVERED, delivered: 1 })
    batch.drop()
    expect(settled).toEqual([DELIVERED])
  })

  it('through any of its derived parts', () => {
    const { batch, settled } = batchOf()
    const part = batch.toTopic('dr.orders').within(2, 8).toPartition(3)
    part.settle(DELIVERED)
    batch.settle(DELIVERED)
    expect(settled).toEqual([DELIVERED])
  })

  it('and a dropped one says so, and gives its records back once', () => {
    const { batch, settled, held } = batchOf()
    batch.drop()
    batch.drop()
    batch.settle(DELIVERED)
    expect(settled).toEqual([undefined])
    expect(held.records).toBe(0)
  })
})

describe('what a batch costs', () => {
  it('is its bytes and the overhead of each record', () => {
    const { batch } = batchOf({ to: 3 })
    expect(batch.charge).toBe(batch.bytes + 3 * RECORD_OVERHEAD_BYTES)
    expect(batch.bytes).toBe(3 * 'value 0'.length)
  })

  it('is nothing without records', () => {
    const { batch } = batchOf({ offsets: [] })
    expect([batch.count, batch.bytes, batch.charge]).toEqual([0, 0, 0])
  })
})

describe('derived batches', () => {
  it('keep source, offsets and records', () => {
    const { batch, payload } = batchOf({ leaderEpoch: 4 })
    const routed = batch.toPartition(2).toTopic('copy')
    expect(routed).toMatchObject({ from: 0, to: 10, leaderEpoch: 4, targetTopic: 'copy', targetPartition: 2 })
    expect(routed.payload).toBe(payload)
    expect(batch).toMatchObject({ targetTopic: undefined, targetPartition: undefined })
  })

  it('within everything is the batch itself', () => {
    const { batch } = batchOf({ from: 5, to: 9 })
    expect(batch.within(5, 9)).toBe(batch)
    expect(batch.within(0, Infinity)).toBe(batch)
  })

  it('give back the records outside, and cover what lies before the begin', () => {
    const { batch, held } = batchOf()
    const part = batch.within(3, 7)
    expect(part).toMatchObject({ from: 0, to: 7, count: 4 })
    expect(part.payload?.records().map(({ offset }) => offset)).toEqual([3, 4, 5, 6])
    expect(held.records).toBe(4)
  })

  it('beyond the end cover nothing and hold nothing', () => {
    const { batch, held } = batchOf({ from: 20, to: 30 })
    const part = batch.within(0, 15)
    expect(part).toMatchObject({ from: 20, to: 20, payload: undefined })
    expect(held.records).toBe(0)
  })

  it('of any bounds hold exactly the records inside, and release each record once', () => {
    const bound = fc.integer({ min: 0, max: 40 })
    fc.assert(
      fc.property(fc.uniqueArray(bound, { maxLength: 12 }), fc.array(fc.tuple(bound, bound)), (offsets, cuts) => {
        const sorted = offsets.filter((offset) => offset >= 10 && offset < 30).sort((a, b) => a - b)
        const { batch, held, settled } = batchOf({ from: 10, to: 30, offsets: sorted })
        let part: Batch = batch
        let inside = sorted
        let end = 30
        for (const [from, to] of cuts) {
          part = part.within(from, to)
          if (from > part.from || to < end) inside = inside.filter((offset) => offset >= from && offset < to)
          end = Math.max(10, Math.min(end, to))
          expect([part.from, part.to]).toEqual([10, end])
          expect(part.payload?.records().map(({ offset }) => offset) ?? []).toEqual(inside)
          expect(held.records).toBe(inside.length)
        }
        part.drop()
        expect(held.records).toBe(0)
        expect(settled).toHaveLength(1)
      })
    )
  })

  it('of a batch with holes keep the holes', () => {
    const { batch } = batchOf({ from: 0, to: 10, offsets: [1, 2, 8] })
    expect(batch.within(0, 5)).toMatchObject({ from: 0, to: 5, count: 2 })
  })
})
