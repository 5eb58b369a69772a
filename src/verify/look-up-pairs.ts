import { groupBy } from '../mapping/group-by.ts'
import { type PartitionOffset, partitionName } from '../model/topic-partition.ts'
import type { Consumers } from './compare-options.ts'
import type { ExamineOptions } from './examine-pairs.ts'
import type { DifferencePair } from './pair-result.ts'
import type { RangesToCompare } from './read-both-sides.ts'
import { joinPieces, readPieces } from './read-pieces.ts'
import type { TopicPairs } from './topic-pairs.ts'
import { visiting } from './visit-digests.ts'
import { digestKey } from './words.ts'

/** A source record that is looked for. */
export interface SampledRecord {
  readonly at: PartitionOffset
  /** Names its digest. */
  readonly key: string
}

export interface LookedUp {
  /** Records that are where the target acknowledged them. */
  readonly found: ReadonlySet<SampledRecord>
  /** Pairs whose target record was read. */
  readonly checked: number
  readonly count: number
  /** The first of those that differ. */
  readonly first: readonly DifferencePair[]
}

interface Expected extends PartitionOffset {
  readonly record: SampledRecord
}

/** Target records between two wanted ones that are sooner read than left out. */
const SMALL_HOLE = 1000

/** Looks up records of a sample where the target acknowledged them, by their exact offsets. */
export async function lookUpPairs(
  sampled: readonly SampledRecord[],
  pairs: TopicPairs,
  ranges: RangesToCompare,
  consumers: Consumers,
  options: ExamineOptions
): Promise<LookedUp> {
  const byPartition = groupBy(expectedOf(sampled, pairs, ranges), partitionName)
  const found = new Set<SampledRecord>()
  const first: DifferencePair[] = []
  let [checked, count] = [0, 0]
  const differs = ({ record, topic, partition, offset }: Expected): void => {
    count++
    if (first.length < options.mostNamed) first.push({ source: record.at, target: { topic, partition, offset } })
  }
  const queues = new Map(
    [...byPartition].map(([name, of]) => [name, { next: 0, of: of.toSorted((a, b) => a.offset - b.offset) }])
  )
  const pieces = [...queues.values()].flatMap(({ of }) =>
    joinPieces(
      of.map(({ topic, partition, offset }) => ({ topic, partition, from: offset, to: offset + 1 })),
      SMALL_HOLE
    )
  )
  await readPieces('target', pieces, consumers, options, (piece) => {
    const queue = queues.get(partitionName(piece))
    return visiting(({ words }, at, offset) => {
      for (let next = queue?.of[queue.next]; queue !== undefined && next !== undefined; next = queue.of[queue.next]) {
        if (next.offset > offset) return
        queue.next++
        if (next.offset < offset) differs(next)
        else {
          checked++
          if (digestKey(words, at) === next.record.key) found.add(next.record)
          else differs(next)
        }
      }
    })
  })
  for (const { next, of } of queues.values()) for (const missing of of.slice(next)) differs(missing)
  return { found, checked, count, first }
}

function expectedOf(
  sampled: readonly SampledRecord[],
  pairs: TopicPairs,
  { sourceRanges, targetRanges }: RangesToCompare
): Expected[] {
  const expected: Expected[] = []
  const bySource = groupBy(sampled, ({ at }) => partitionName(at))
  for (const [index, range] of sourceRanges.entries()) {
    const sweep = pairs.sweep('source', index)
    const records = bySource.get(partitionName(range)) ?? []
    for (const record of records.toSorted((a, b) => a.at.offset - b.at.offset)) {
      const { offset } = record.at
      sweep.visit(offset, offset + 1, (run) => {
        const { other, shift } = pairs.run('source', index, run)
        const { topic = '', partition = 0 } = targetRanges[other] ?? {}
        expected.push({ topic, partition, offset: offset + shift, record })
      })
    }
  }
  return expected
}
