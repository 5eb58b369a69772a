import { NUMBERS_OF_RUN } from '../model/offset-pairs.ts'
import { type PartitionOffset, partitionName, type TopicPartition } from '../model/topic-partition.ts'
import { RunSweep } from './run-sweep.ts'
import type { RangesToCompare } from './read-both-sides.ts'
import type { ReadRange } from './verify-types.ts'

/** Bytes that a run costs while a topic is compared: as it was read, and both ways. */
export const BYTES_OF_RUN = 96

/** What is kept of a source partition. */
export interface KeptRuns {
  readonly target: string
  /** See `PairRuns`. */
  readonly runs: readonly number[]
}

/** Runs of one partition of one side, by their first offset there. */
interface Columns {
  readonly starts: Float64Array
  readonly counts: Float64Array
  /** Range of the other side, by its index. */
  readonly others: Uint32Array
  /** First offsets at the other side. */
  readonly otherStarts: Float64Array
}

/** A pair of ranges that a run connects, and how far apart its offsets are. */
export interface PairedRun {
  readonly other: number
  /** Offset at the other side minus offset at this side. */
  readonly shift: number
}

/**
 * The offset pairs of a target topic and its sources that lie in the ranges to be compared: what the target acknowledged
 * record by record, seen from either side.
 */
export class TopicPairs {
  readonly #ranges: RangesToCompare
  readonly #columns: Record<'source' | 'target', readonly Columns[]>

  /** @param keptOf what is kept of a source partition; pairs into other topics don't count */
  constructor(ranges: RangesToCompare, keptOf: (partition: TopicPartition) => KeptRuns | undefined) {
    this.#ranges = ranges
    const indexOf = new Map(ranges.targetRanges.map((range, index) => [partitionName(range), index]))
    const bySource: number[][] = ranges.sourceRanges.map(() => [])
    const byTarget: number[][] = ranges.targetRanges.map(() => [])
    for (const [source, range] of ranges.sourceRanges.entries()) {
      const { target = '', runs = [] } = keptOf(range) ?? {}
      for (let at = 0; at < runs.length; at += NUMBERS_OF_RUN) {
        const [partition = 0, from = 0, to = 0, count = 0] = runs.slice(at, at + NUMBERS_OF_RUN)
        const index = indexOf.get(partitionName({ topic: target, partition }))
        const targetRange = index === undefined ? undefined : ranges.targetRanges[index]
        if (index === undefined || targetRange === undefined) continue
        const low = Math.max(0, range.from - from, targetRange.from - to)
        const high = Math.min(count, range.to - from, targetRange.to - to)
        if (low >= high) continue
        bySource[source]?.push(from + low, high - low, index, to + low)
        byTarget[index]?.push(to + low, high - low, source, from + low)
      }
    }
    this.#columns = { source: bySource.map(columnsOf), target: byTarget.map(columnsOf) }
  }

  get isEmpty(): boolean {
    return this.#columns.source.every(({ starts }) => starts.length === 0)
  }

  sweep(side: 'source' | 'target', range: number): RunSweep {
    const { starts, counts } = this.#of(side, range)
    return new RunSweep(starts, counts)
  }

  /** A run that a sweep of this range shows. */
  run(side: 'source' | 'target', range: number, run: number): PairedRun {
    const { starts, others, otherStarts } = this.#of(side, range)
    return { other: others[run] ?? 0, shift: (otherStarts[run] ?? 0) - (starts[run] ?? 0) }
  }

  /** Where the target acknowledged this record, the last delivery first. */
  targetsOf(source: PartitionOffset): PartitionOffset[] {
    return this.#counterparts('source', source).toSorted((a, b) => b.offset - a.offset)
  }

  /** Which record the target acknowledged there. */
  sourcesOf(target: PartitionOffset): PartitionOffset[] {
    return this.#counterparts('target', target)
  }

  #counterparts(side: 'source' | 'target', at: PartitionOffset): PartitionOffset[] {
    const [mine, others]: (readonly ReadRange[])[] =
      side === 'source'
        ? [this.#ranges.sourceRanges, this.#ranges.targetRanges]
        : [this.#ranges.targetRanges, this.#ranges.sourceRanges]
    const range = mine?.findIndex(({ topic, partition }) => topic === at.topic && partition === at.partition) ?? -1
    const found: PartitionOffset[] = []
    if (range < 0) return found
    this.sweep(side, range).visit(at.offset, at.offset + 1, (run) => {
      const { other, shift } = this.run(side, range, run)
      const { topic = '', partition = 0 } = others?.[other] ?? {}
      found.push({ topic, partition, offset: at.offset + shift })
    })
    return found
  }

  #of(side: 'source' | 'target', range: number): Columns {
    return this.#columns[side][range] ?? EMPTY
  }
}

const EMPTY = columnsOf([])

/** @param rows first offset, count, range of the other side, first offset there */
function columnsOf(rows: readonly number[]): Columns {
  const count = rows.length / 4
  const order = new Uint32Array(count)
  let isSorted = true
  for (let index = 0; index < count; index++) {
    order[index] = index
    if (index > 0 && (rows[index * 4] ?? 0) < (rows[(index - 1) * 4] ?? 0)) isSorted = false
  }
  if (!isSorted) order.sort((a, b) => (rows[a * 4] ?? 0) - (rows[b * 4] ?? 0))
  const columns = {
    starts: new Float64Array(count),
    counts: new Float64Array(count),
    others: new Uint32Array(count),
    otherStarts: new Float64Array(count)
  }
  for (const [index, row] of order.entries()) {
    columns.starts[index] = rows[row * 4] ?? 0
    columns.counts[index] = rows[row * 4 + 1] ?? 0
    columns.others[index] = rows[row * 4 + 2] ?? 0
    columns.otherStarts[index] = rows[row * 4 + 3] ?? 0
  }
  return columns
}
