import { describe, expect, it } from 'vitest'
import { DEMO_TOPICS } from '../../src/cli/demo-load.ts'

const PARTITIONS = 4
/** Lengths, offset, timestamp and attributes of a record in a batch. */
const RECORD_OVERHEAD = 16

describe('the load of the demo', () => {
  it.each(DEMO_TOPICS)('$topic stays under 3 MiB a partition, or the embedded cluster forgets records', (topic) => {
    const bytes = Array.from({ length: PARTITIONS }, () => 0)
    for (let index = 0; index < topic.records; index++) {
      const { key, value, headers } = topic.record(index)
      const size = headers.reduce((sum, [name, text]) => sum + Buffer.byteLength(name + text) + 4, RECORD_OVERHEAD)
      bytes[index % PARTITIONS] = (bytes[index % PARTITIONS] ?? 0) + size + (key?.length ?? 0) + (value?.length ?? 0)
    }
    expect(Math.max(...bytes)).toBeLessThan(3 * 1024 * 1024)
  })

  it('is a few hundred thousand records', () => {
    const total = DEMO_TOPICS.reduce((sum, { records }) => sum + records, 0)
    expect(total).toBeGreaterThan(300_000)
    expect(total).toBeLessThan(1_000_000)
  })

  it('is the same at every start', () => {
    for (const { record } of DEMO_TOPICS) expect(record(1234)).toEqual(record(1234))
  })

  // Empty keys and values would become null, timestamp 0 the time of writing.
  it('holds only what a plain producer writes as it is given', () => {
    const changed = DEMO_TOPICS.flatMap(({ record }) =>
      Array.from({ length: 1000 }, (_, index) => record(index))
    ).filter(
      ({ key, value, timestamp, headers }) =>
        key?.length === 0 ||
        value?.length === 0 ||
        timestamp < 1 ||
        headers.some(([name, text]) => name === '__proto__' || `${name}${text}`.includes('\0'))
    )
    expect(changed).toEqual([])
  })

  it('has tombstones, null keys, bytes that are no text, repeated headers, old and future times', () => {
    const odd = DEMO_TOPICS.find(({ topic }) => topic === 'oddities')
    const records = Array.from({ length: 16 }, (_, index) => odd?.record(index))
    expect(records.some((record) => record?.value === null && record.key === null)).toBe(true)
    expect(records.some((record) => record?.key?.includes(0xff) === true)).toBe(true)
    expect(records.some((record) => record?.timestamp === 1)).toBe(true)
    expect(records.some((record) => (record?.timestamp ?? 0) > Date.now())).toBe(true)
    expect(records.some((record) => record?.headers.filter(([name]) => name === 'attempt').length === 2)).toBe(true)
    expect(records.some((record) => (record?.value?.length ?? 0) > 500_000)).toBe(true)
  })
})
