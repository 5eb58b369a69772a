import type { RecordHeader, RecordView } from '../model/batch.ts'
import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'

/** Where a dead letter comes from and why it is one. */
export interface DeadLetterOrigin {
  readonly job: string
  readonly source: PartitionOffset
  /** Where it should have gone. */
  readonly target: TopicPartition
  /** The broker's name of the error. */
  readonly reason: string
  /** RFC 3339, UTC. */
  readonly time: string
}

/** The record as it was, with headers of ours behind its own. Their values are text. */
export function deadLetterRecord(record: RecordView, origin: DeadLetterOrigin): RecordView {
  const { job, source, target, reason, time } = origin
  const ours: readonly (readonly [name: string, value: string])[] = [
    ['millrace.job', job],
    ['millrace.source.topic', source.topic],
    ['millrace.source.partition', String(source.partition)],
    ['millrace.source.offset', String(source.offset)],
    ['millrace.target.topic', target.topic],
    ['millrace.target.partition', String(target.partition)],
    ['millrace.reason', reason],
    ['millrace.time', time]
  ]
  return { ...record, headers: [...record.headers, ...ours.map(header)] }
}

/** The same as one line of JSON, without a line break at its end: bytes are base64, null stays null. */
export function deadLetterLine(record: RecordView, origin: DeadLetterOrigin): string {
  const { timestamp, key, value, headers } = record
  return JSON.stringify({
    ...origin,
    timestamp,
    key: base64(key),
    value: base64(value),
    headers: headers.map((one) => ({ name: base64(one.name), value: base64(one.value) }))
  })
}

function header([name, value]: readonly [name: string, value: string]): RecordHeader {
  return { name: Buffer.from(name), value: Buffer.from(value) }
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
