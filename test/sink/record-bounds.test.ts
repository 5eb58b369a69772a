import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordView } from '../../src/model/batch.ts'
import { hasOutside, recordBounds, RECORD_FRAME_BYTES } from '../../src/sink/record-bounds.ts'
import { FakePayload } from '../client/fake-payload.ts'

const NOW = 1_700_000_000_000
const HOUR = 3_600_000

const payloadOf = (records: readonly Partial<RecordView>[]): FakePayload => {
  const whole = records.map((record, offset) => {
    return { offset, timestamp: NOW, key: Buffer.from('k'), value: Buffer.from('v'), headers: [], ...record }
  })
  return new FakePayload(whole, { records: records.length })
}

describe('bounds of a target', () => {
  it('without a limit concern nothing', () => {
    const odd = payloadOf([{ value: Buffer.alloc(1_000_000), key: null }, { timestamp: 1 }, { timestamp: NOW * 2 }])
    expect(hasOutside(odd, recordBounds({}, NOW))).toBe(false)
  })

  it('leave room for what a record costs in a request', () => {
    const bounds = recordBounds({ maxMessageBytes: 1000 }, NOW)
    const sized = (bytes: number) => payloadOf([{ key: null, value: Buffer.alloc(bytes) }])
    expect(hasOutside(sized(1000 - RECORD_FRAME_BYTES), bounds)).toBe(false)
    expect(hasOutside(sized(1001 - RECORD_FRAME_BYTES), bounds)).toBe(true)
  })

  it('suspect records a little before the limit of time: clocks differ', () => {
    const bounds = recordBounds({ beforeMs: HOUR, afterMs: HOUR }, NOW)
    const stamped = (timestamp: number) => hasOutside(payloadOf([{ timestamp }]), bounds)
    expect([NOW - HOUR + 61_000, NOW, NOW + HOUR - 61_000].map(stamped)).toEqual([false, false, false])
    expect([NOW - HOUR + 59_000, NOW + HOUR - 59_000].map(stamped)).toEqual([true, true])
  })

  it.each([0, -1])('do not concern the timestamp %d, which becomes the time of copying', (timestamp) => {
    expect(hasOutside(payloadOf([{ timestamp }]), recordBounds({ beforeMs: HOUR }, NOW))).toBe(false)
  })

  it('ask for keys where the target is compacted', () => {
    expect(hasOutside(payloadOf([{ key: null }]), recordBounds({ keyed: true }, NOW))).toBe(true)
    expect(hasOutside(payloadOf([{ key: Buffer.alloc(0) }]), recordBounds({ keyed: true }, NOW))).toBe(false)
  })

  it('the numbers of a batch tell what a look at each record tells', () => {
    const record = fc.record({
      timestamp: fc.oneof(fc.constantFrom(-1, 0), fc.integer({ min: NOW - 2 * HOUR, max: NOW + 2 * HOUR })),
      key: fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 5 })),
      value: fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 200 }))
    })
    const limits = fc.record(
      {
        maxMessageBytes: fc.integer({ min: 0, max: 300 }),
        beforeMs: fc.integer({ min: 0, max: 3 * HOUR }),
        afterMs: fc.integer({ min: 0, max: 3 * HOUR }),
        keyed: fc.boolean()
      },
      { requiredKeys: [] }
    )
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), limits, (records, rules) => {
        const bounds = recordBounds(rules, NOW)
        const payload = payloadOf(records)
        expect(hasOutside(payload, bounds)).toBe(payload.outside(bounds).length > 0)
      })
    )
  })
})
