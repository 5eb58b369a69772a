import type { WrittenRecord } from '../client/embedded-cluster.ts'

/** A topic of the demonstration: which record is the n-th. */
export interface DemoTopic {
  readonly topic: string
  readonly records: number
  /** @param index from 0; the same index gives the same record */
  readonly record: (index: number) => WrittenRecord
}

const START = Date.UTC(2026, 0, 1)
const PER_TOPIC = 80_000
const ODD = 4000

/**
 * What is mirrored. The embedded cluster forgets what exceeds 5 MiB a partition, so a topic stays under 3 MiB in each
 * of its four.
 */
export const DEMO_TOPICS: readonly DemoTopic[] = [
  { topic: 'orders', records: PER_TOPIC, record: order },
  { topic: 'payments', records: PER_TOPIC, record: payment },
  { topic: 'clicks', records: PER_TOPIC, record: click },
  { topic: 'sensors', records: PER_TOPIC, record: sensor },
  { topic: 'customers', records: PER_TOPIC, record: customer },
  { topic: 'oddities', records: ODD, record: oddity }
]

function order(index: number): WrittenRecord {
  const random = scramble(index)
  const value = `{"order":${index},"item":"sku-${random % 9973}","count":${1 + (random % 5)},"cents":${random % 100_000}}`
  return {
    key: Buffer.from(`customer-${random % 5000}`),
    value: Buffer.from(value),
    timestamp: START + index,
    headers: []
  }
}

function payment(index: number): WrittenRecord {
  const random = scramble(index)
  return {
    key: Buffer.from(`order-${index}`),
    value: Buffer.from(`{"paid":${random % 100_000},"by":"${random % 3 === 0 ? 'card' : 'transfer'}"}`),
    timestamp: START + index,
    headers: index % 10 === 0 ? [['trace', random.toString(16)]] : []
  }
}

/** Without a key. */
function click(index: number): WrittenRecord {
  const value = Buffer.from(`/page/${scramble(index) % 1000}?visit=${index}`)
  return { key: null, value, timestamp: START + index, headers: [] }
}

/** Bytes that are no text. */
function sensor(index: number): WrittenRecord {
  const key = Buffer.alloc(4)
  key.writeUInt32BE(scramble(index) % 500)
  const value = Buffer.alloc(48)
  for (let at = 0; at < value.length; at += 4) value.writeUInt32LE(scramble(index + at), at)
  return { key, value, timestamp: START + index, headers: [] }
}

/** As in a compacted topic: every fifth record deletes its key. */
function customer(index: number): WrittenRecord {
  const value = index % 5 === 4 ? null : Buffer.from(`{"name":"customer ${index}","since":${START + index}}`)
  return { key: Buffer.from(`customer-${index % 20_000}`), value, timestamp: START + index, headers: [] }
}

const ODD_KINDS: readonly ((index: number) => Partial<WrittenRecord>)[] = [
  () => ({ key: null, value: null }),
  () => ({ key: Buffer.from([0xff, 0x00, 0xfe, 0x80]), value: Buffer.from([0x00, 0xc3, 0x28, 0x0a]) }),
  () => ({ timestamp: 1 }),
  () => ({ timestamp: Date.UTC(2099, 11, 31) }),
  // A name that occurs twice, an empty value, a name that JavaScript objects have for themselves.
  (index) => ({
    headers: [
      ['attempt', '1'],
      ['attempt', '2'],
      ['', 'no name'],
      ['constructor', `${index}`]
    ]
  }),
  () => ({ headers: Array.from({ length: 20 }, (_, at) => [`header-${at}`, 'ü'.repeat(at + 1)] as const) }),
  () => ({ value: Buffer.from('Grüße, 世界 🌍') }),
  // One of them is large.
  (index) => ({ value: Buffer.alloc(index === 7 ? 900_000 : 500, index % 251) })
]

function oddity(index: number): WrittenRecord {
  const plain = { key: Buffer.from(`odd-${index}`), value: Buffer.from('odd'), timestamp: START + index, headers: [] }
  return { ...plain, ...ODD_KINDS[index % ODD_KINDS.length]?.(index) }
}

/** Looks random, and is the same at every start. */
function scramble(index: number): number {
  let x = Math.imul(index + 1, 0x9e3779b1)
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b)
  return (x ^ (x >>> 13)) >>> 0
}
