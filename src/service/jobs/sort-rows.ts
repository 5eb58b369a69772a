import type { PartitionRow } from '../../api/contract.ts'
import { badRequest } from '../service-errors.ts'

const SORTS: Readonly<Record<string, (row: PartitionRow) => string | number>> = {
  topic: ({ topic }) => topic,
  partition: ({ partition }) => partition,
  target: ({ target }) => target,
  state: ({ state }) => state,
  from: ({ from }) => from ?? -1,
  to: ({ to }) => to ?? -1,
  end: ({ end }) => end ?? -1,
  lag: ({ lag }) => lag ?? -1,
  records: ({ records }) => records,
  recordsPerSecond: ({ recordsPerSecond }) => recordsPerSecond,
  bytesPerSecond: ({ bytesPerSecond }) => bytesPerSecond
}

/** By the column that is named, downwards with a `-` before it. Throws MR_SERVICE_REQUEST for a column that there is not. */
export function sortRows(rows: readonly PartitionRow[], sort: string | undefined): readonly PartitionRow[] {
  if (sort === undefined) return rows
  const column = sort.replace(/^-/, '')
  const of = Object.hasOwn(SORTS, column) ? SORTS[column] : undefined
  if (of === undefined)
    throw badRequest(`There is no column ${JSON.stringify(column)}.`, `Sort by ${Object.keys(SORTS).join(', ')}.`)
  const direction = sort.startsWith('-') ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [of(a), of(b)]
    return left === right ? 0 : left < right ? -direction : direction
  })
}
