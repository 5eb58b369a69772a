import { createHash } from 'node:crypto'
import type { DigestParts, Digests, Fetched } from '../../src/client/types.ts'
import type { RecordView } from '../../src/model/batch.ts'

/** The digests of fetched records, which are released. */
export function digestsOf({ topic, partition, payload }: Fetched, { timestamps, keys }: DigestParts): Digests {
  const records = payload.records()
  payload.release()
  const spans: number[] = []
  for (const { offset } of records) {
    const [first, count] = spans.slice(-2)
    if (first !== undefined && count !== undefined && first + count === offset) spans[spans.length - 1] = count + 1
    else spans.push(offset, 1)
  }
  const words = records.flatMap((record) => wordsOf(record, timestamps))
  return {
    topic,
    partition,
    bytes: payload.bytes,
    spans: Float64Array.from(spans),
    words: Uint32Array.from(words),
    keys: Uint32Array.from(keys ? records.flatMap(keyWordsOf) : [])
  }
}

function wordsOf({ key, value, headers, timestamp }: RecordView, withTimestamps: boolean): number[] {
  const hash = createHash('sha256')
  const add = (bytes: Uint8Array | null): void => {
    hash.update(bytes === null ? 'null;' : `${bytes.length};`)
    if (bytes !== null) hash.update(bytes)
  }
  for (const part of [key, value, ...headers.flatMap((header) => [header.name, header.value])]) add(part)
  const digest = hash.update(withTimestamps ? String(timestamp) : '').digest()
  return [0, 4, 8, 12].map((at) => digest.readUInt32LE(at))
}

function keyWordsOf({ key, value }: RecordView): number[] {
  const hash = createHash('sha256').update(key === null ? 'null' : `${key.length}`)
  const digest = (key === null ? hash : hash.update(key)).digest()
  const [first = 0, ...others] = [0, 4, 8, 12].map((at) => digest.readUInt32LE(at))
  return [((first & ~1) | (value === null ? 1 : 0)) >>> 0, ...others]
}
