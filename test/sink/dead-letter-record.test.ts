import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordView } from '../../src/model/batch.ts'
import { deadLetterLine, deadLetterRecord, type DeadLetterOrigin } from '../../src/sink/dead-letter-record.ts'

const origin: DeadLetterOrigin = {
  job: 'copy',
  source: { topic: 'orders', partition: 7, offset: 42 },
  target: { topic: 'dr.orders', partition: 7 },
  reason: 'MSG_SIZE_TOO_LARGE',
  time: '2026-01-31T12:00:00.000Z'
}

const bytes = fc.option(fc.uint8Array({ maxLength: 20 }))
const anyRecord: fc.Arbitrary<RecordView> = fc.record({
  offset: fc.constant(42),
  timestamp: fc.maxSafeNat(),
  key: bytes,
  value: bytes,
  headers: fc.array(fc.record({ name: fc.uint8Array({ maxLength: 5 }), value: bytes }), { maxLength: 4 })
})

describe('a dead letter', () => {
  it('keeps all of its record, its own headers first', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const { headers, ...letter } = deadLetterRecord(record, origin)
        const { headers: own, ...rest } = record
        expect(letter).toEqual(rest)
        expect(headers.slice(0, own.length)).toEqual(own)
        expect(headers.slice(own.length)).toHaveLength(8)
      })
    )
  })

  it('says where it comes from and why, as text', () => {
    const { headers } = deadLetterRecord({ offset: 42, timestamp: 1, key: null, value: null, headers: [] }, origin)
    const texts = headers.map(({ name, value }) => [Buffer.from(name).toString(), Buffer.from(value ?? []).toString()])
    expect(Object.fromEntries(texts)).toEqual({
      'millrace.job': 'copy',
      'millrace.source.topic': 'orders',
      'millrace.source.partition': '7',
      'millrace.source.offset': '42',
      'millrace.target.topic': 'dr.orders',
      'millrace.target.partition': '7',
      'millrace.reason': 'MSG_SIZE_TOO_LARGE',
      'millrace.time': '2026-01-31T12:00:00.000Z'
    })
  })

  it('in a file is one line that keeps every byte, null and empty apart', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const line = deadLetterLine(record, origin)
        expect(line).not.toContain('\n')
        const { key, value, headers, timestamp, ...rest } = JSON.parse(line) as {
          key: string | null
          value: string | null
          headers: { name: string; value: string | null }[]
          timestamp: number
        }
        const back = (base64: string | null) => (base64 === null ? null : new Uint8Array(Buffer.from(base64, 'base64')))
        expect(rest).toEqual(origin)
        expect({ timestamp, key: back(key), value: back(value) }).toEqual({
          timestamp: record.timestamp,
          key: record.key,
          value: record.value
        })
        expect(headers.map((header) => ({ name: back(header.name), value: back(header.value) }))).toEqual(
          record.headers
        )
      })
    )
  })
})
