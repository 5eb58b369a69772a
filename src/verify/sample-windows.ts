import type { ReadRange, SourceRange } from './verify-types.ts'

const MOST_IN_A_WINDOW = 100
const LEAST_WINDOWS = 20

/**
 * Ranges of about `records` offsets in all, spread evenly over what the target must have. Short runs instead of single
 * records: a read brings many at once anyhow.
 */
export function sampleWindows(ranges: readonly SourceRange[], records: number): ReadRange[] {
  const widths = ranges.map(({ from, to, requiredTo }) => Math.max(0, Math.min(to, requiredTo) - from))
  const total = widths.reduce((sum, width) => sum + width, 0)
  if (total <= records) {
    return ranges.flatMap((range, index) => {
      const width = widths[index] ?? 0
      return width > 0
        ? [{ topic: range.topic, partition: range.partition, from: range.from, to: range.from + width }]
        : []
    })
  }
  const length = Math.max(1, Math.min(MOST_IN_A_WINDOW, Math.floor(records / LEAST_WINDOWS)))
  const count = Math.ceil(records / length)
  const windows: ReadRange[] = []
  for (let index = 0; index < count; index++) {
    let at = count === 1 ? 0 : Math.floor((index * (total - length)) / (count - 1))
    for (const [place, { topic, partition, from }] of ranges.entries()) {
      const width = widths[place] ?? 0
      if (at < width) {
        windows.push({ topic, partition, from: from + at, to: from + Math.min(width, at + length) })
        break
      }
      at -= width
    }
  }
  return windows
}
