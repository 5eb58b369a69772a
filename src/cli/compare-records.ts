import type { RecordView } from '../model/batch.ts'

/** What differs between a record and its copy; undefined = nothing. Offsets may differ. */
export function differenceOf(record: RecordView, copy: RecordView): string | undefined {
  if (!sameBytes(record.key, copy.key)) return 'another key'
  if (!sameBytes(record.value, copy.value)) return 'another value'
  if (record.timestamp !== copy.timestamp) return 'another timestamp'
  return sameHeaders(record, copy) ? undefined : 'other headers'
}

function sameHeaders({ headers }: RecordView, copy: RecordView): boolean {
  if (headers.length !== copy.headers.length) return false
  return headers.every(({ name, value }, index) => {
    const other = copy.headers[index]
    return other !== undefined && sameBytes(name, other.name) && sameBytes(value, other.value)
  })
}

/** Null and empty differ. */
function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0
}
