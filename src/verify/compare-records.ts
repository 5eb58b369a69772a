import type { RecordHeader, RecordView } from '../model/batch.ts'
import type { AlteredPart } from './verify-types.ts'

/** What differs between a record and its copy. Offsets may differ. */
export function compareRecords(record: RecordView, copy: RecordView): AlteredPart[] {
  return [
    ...compareBytes('key', '', record.key, copy.key),
    ...compareBytes('value', '', record.value, copy.value),
    ...compareHeaders(record.headers, copy.headers),
    ...compareTimestamps(record.timestamp, copy.timestamp)
  ]
}

/** Nothing but the timestamp is another. */
export function isRestamped(altered: readonly AlteredPart[]): boolean {
  return altered.every(({ part }) => part === 'timestamp')
}

/** How many parts that say something (neither null nor empty) are the same, of how many the record has. */
export function likeness(record: RecordView, copy: RecordView): { readonly alike: number; readonly of: number } {
  const altered = new Set(compareRecords(record, copy).map(({ part }) => part))
  const telling = [
    ...((record.key?.length ?? 0) > 0 ? ['key' as const] : []),
    ...((record.value?.length ?? 0) > 0 ? ['value' as const] : []),
    ...(record.headers.length > 0 ? ['header' as const] : []),
    ...(record.timestamp >= 0 ? ['timestamp' as const] : [])
  ]
  return { alike: telling.filter((part) => !altered.has(part)).length, of: telling.length }
}

function compareHeaders(headers: readonly RecordHeader[], copies: readonly RecordHeader[]): AlteredPart[] {
  for (const [index, { name, value }] of headers.entries()) {
    const copy = copies[index]
    const called = `header ${index} (${Buffer.from(name).toString()})`
    if (copy === undefined) return [{ part: 'header', what: `${called} is missing` }]
    const byName = compareBytes('header', `name of ${called}: `, name, copy.name)
    if (byName.length > 0) return byName
    const byValue = compareBytes('header', `${called}: `, value, copy.value)
    if (byValue.length > 0) return byValue
  }
  const added = copies.length - headers.length
  return added > 0 ? [{ part: 'header', what: `${added} more than the source has` }] : []
}

function compareTimestamps(timestamp: number, copy: number): AlteredPart[] {
  return timestamp === copy ? [] : [{ part: 'timestamp', what: `is ${copy}, was ${timestamp}` }]
}

/** Null and empty differ. */
function compareBytes(
  part: AlteredPart['part'],
  where: string,
  bytes: Uint8Array | null,
  copy: Uint8Array | null
): AlteredPart[] {
  if (bytes === null || copy === null) {
    return bytes === copy ? [] : [{ part, what: `${where}is ${describe(copy)}, was ${describe(bytes)}` }]
  }
  if (Buffer.compare(bytes, copy) === 0) return []
  const shorter = Math.min(bytes.length, copy.length)
  let byte = 0
  while (byte < shorter && bytes[byte] === copy[byte]) byte++
  const what =
    byte === shorter
      ? `${where}has ${copy.length} bytes, had ${bytes.length}`
      : `${where}byte ${byte} is ${hex(copy[byte])}, was ${hex(bytes[byte])}`
  return [{ part, what, byte }]
}

function describe(bytes: Uint8Array | null): string {
  if (bytes === null) return 'null'
  return bytes.length === 0 ? 'empty' : `${bytes.length} bytes`
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`
}
