import { partitionName, type TopicPartition } from '../../model/topic-partition.ts'

/** Offsets in [from, to). */
export interface OffsetRange {
  readonly from: number
  readonly to: number
}

/** What is traced whatever the ratio. */
export interface TraceTargets {
  /**
   * The parts of the batch that were asked for: all of it for a topic or a partition, the common offsets for a range.
   * Empty = nobody asked for it.
   */
  askedOf(source: TopicPartition, batch: OffsetRange): readonly OffsetRange[]
}

/** A partition and, after an @, one of its offsets or a range of them, the last included. */
const RANGE = /^(.+-\d+)@(\d+)(?:\.\.(\d+))?$/

/**
 * Reads `orders`, `orders-7`, `orders-7@123456`, `orders-7@1000..2000`. A name that could be a topic or a partition of
 * one (a topic may be called `orders-7`) means both.
 */
export function traceTargets(always: readonly string[]): TraceTargets {
  const names = new Set<string>()
  const ranges = new Map<string, OffsetRange[]>()
  for (const target of always) {
    const match = RANGE.exec(target)
    const [, name, first, last = first] = match ?? []
    if (name === undefined) {
      names.add(target)
      continue
    }
    const known = ranges.get(name) ?? []
    ranges.set(name, known)
    known.push({ from: Number(first), to: Number(last) + 1 })
  }
  return {
    askedOf: (source, batch) => {
      const name = partitionName(source)
      if (names.has(source.topic) || names.has(name)) return [batch]
      return (ranges.get(name) ?? [])
        .map(({ from, to }) => ({ from: Math.max(from, batch.from), to: Math.min(to, batch.to) }))
        .filter(({ from, to }) => from < to)
    }
  }
}
