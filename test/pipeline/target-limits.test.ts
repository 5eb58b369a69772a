import { describe, expect, it } from 'vitest'
import type { RecordLimits } from '../../src/model/record-limits.ts'
import type { DeliveryFailure, OffsetRange } from '../../src/model/settlement.ts'
import { TargetLimits } from '../../src/pipeline/target-limits.ts'
import { RECORD_FRAME_BYTES } from '../../src/sink/record-bounds.ts'

const refusal = (name: string, ranges: readonly OffsetRange[]): DeliveryFailure => ({
  code: 10,
  name,
  offset: ranges[0]?.offset ?? 0,
  count: 1,
  kind: 'refused',
  fault: { code: 10, name, ranges }
})

function limitsWith(answers: Record<string, RecordLimits> = {}, batchBytes = 1_000_000) {
  const asked: string[][] = []
  const limits = new TargetLimits({
    batchBytes,
    ask: async (topics) => {
      await Promise.resolve()
      asked.push([...topics])
      return new Map(Object.entries(answers))
    }
  })
  return { limits, asked }
}

describe('what the targets take', () => {
  it('bounds requests by the smallest of them', () => {
    const { limits } = limitsWith()
    limits.note('a', { maxMessageBytes: 500_000 })
    limits.note('b', { maxMessageBytes: 2_000_000 })
    expect(limits.batchBytes).toBe(500_000)
    expect(limits.of('b')).toEqual({ maxMessageBytes: 2_000_000 })
  })

  it('is asked again only after a refusal', async () => {
    const { limits, asked } = limitsWith({ orders: { maxMessageBytes: 20_000 } })
    await limits.refresh()
    expect(asked).toEqual([])
    limits.refused('orders', refusal('INVALID_RECORD', [{ offset: 4, count: 1 }]))
    await limits.refresh()
    await limits.refresh()
    expect(asked).toEqual([['orders']])
    expect(limits.batchBytes).toBe(20_000)
  })

  it('makes one record that was refused for its size a suspect, and of several only the request', () => {
    const { limits } = limitsWith()
    expect(limits.refused('orders', refusal('MSG_SIZE_TOO_LARGE', [{ offset: 4, count: 1 }]))).toBe(true)
    expect(limits.refused('orders', refusal('MSG_SIZE_TOO_LARGE', [{ offset: 4, count: 9 }]))).toBe(false)
    expect(limits.refused('orders', refusal('INVALID_TIMESTAMP', [{ offset: 4, count: 9 }]))).toBe(true)
  })

  it('shrinks requests as long as nobody says why they are too large, then suspects the records', async () => {
    const { limits } = limitsWith()
    const sizes: number[] = []
    while (!limits.refused('orders', refusal('MSG_SIZE_TOO_LARGE', [{ offset: 4, count: 9 }]))) {
      await limits.refresh()
      sizes.push(limits.batchBytes)
    }
    expect(sizes).toEqual([250_000, 62_500, 15_625, 3906, 1024])
  })

  it('is learned from records that were refused alone', () => {
    const { limits } = limitsWith()
    limits.learn('orders', { name: 'MSG_SIZE_TOO_LARGE', record: { bytes: 5000, hasKey: true } })
    limits.learn('orders', { name: 'MSG_SIZE_TOO_LARGE', record: { bytes: 9000, hasKey: true } })
    limits.learn('orders', { name: 'INVALID_RECORD', record: { bytes: 1, hasKey: false } })
    expect(limits.of('orders')).toEqual({ maxMessageBytes: 5000 + RECORD_FRAME_BYTES - 1, keyed: true })
    expect(limits.batchBytes).toBe(1_000_000)
  })

  it('is learned with care where the topic has told it: headers, which are not counted, may have made a record too large', async () => {
    const { limits } = limitsWith({ orders: { maxMessageBytes: 20_000 } })
    limits.note('orders', { maxMessageBytes: 1_000_000 })
    limits.learn('orders', { name: 'MSG_SIZE_TOO_LARGE', record: { bytes: 900_000, hasKey: true } })
    expect(limits.of('orders')).toEqual({ maxMessageBytes: 900_000 + RECORD_FRAME_BYTES - 1 })
    limits.learn('orders', { name: 'MSG_SIZE_TOO_LARGE', record: { bytes: 3, hasKey: true } })
    limits.learn('orders', { name: 'MSG_SIZE_TOO_LARGE', record: { bytes: 2, hasKey: true } })
    limits.learn('orders', { name: 'INVALID_RECORD', record: { bytes: 2, hasKey: false } })
    expect(limits.of('orders')).toEqual({ maxMessageBytes: 500_000 })
    limits.refused('orders', refusal('MSG_SIZE_TOO_LARGE', [{ offset: 4, count: 1 }]))
    await limits.refresh()
    expect(limits.of('orders')).toEqual({ maxMessageBytes: 20_000 })
  })

  it('is never learned from a record that no topic refuses for its key and value', () => {
    const { limits } = limitsWith()
    limits.learn('orders', { name: 'MSG_SIZE_TOO_LARGE', record: { bytes: 3, hasKey: true } })
    expect(limits.of('orders')).toEqual({ maxMessageBytes: 1024 })
  })
})
