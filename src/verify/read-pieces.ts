import { groupBy } from '../mapping/group-by.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { CompareOptions, Consumers } from './compare-options.ts'
import { DigestReader, type DigestSink } from './digest-reader.ts'
import { readRanges } from './read-ranges.ts'
import type { ReadRange } from './verify-types.ts'

export type PieceOptions = Pick<CompareOptions, 'withTimestamps' | 'pollBytes' | 'signal' | 'onRead'>

/** Reads ranges as digests; several of one partition one after the other. */
export async function readPieces<T extends ReadRange>(
  cluster: 'source' | 'target',
  pieces: readonly T[],
  consumers: Consumers,
  { signal, withTimestamps, pollBytes, onRead }: PieceOptions,
  sinkOf: (piece: T) => Pick<DigestSink, 'take'>
): Promise<void> {
  const byPartition = [...groupBy(pieces, partitionName).values()]
  const rounds = Math.max(0, ...byPartition.map(({ length }) => length))
  for (let round = 0; round < rounds; round++) {
    const now = byPartition.flatMap((ofPartition) => ofPartition[round] ?? [])
    const reader = new DigestReader(consumers[cluster], { cluster, withTimestamps, pollBytes, onRead })
    const toRead = now.map((range) => ({ range, sink: sinkOf(range) }))
    await readRanges(reader, toRead, signal)
  }
}

/** Ranges of one partition, in order, as fewer ones: small holes between them are read, too. */
export function joinPieces<T extends ReadRange>(pieces: readonly T[], hole: number): ReadRange[] {
  const joined: { topic: string; partition: number; from: number; to: number }[] = []
  for (const { topic, partition, from, to } of pieces) {
    const last = joined.at(-1)
    const isNear = last?.topic === topic && last.partition === partition && from <= last.to + hole
    if (last !== undefined && isNear) last.to = Math.max(last.to, to)
    else joined.push({ topic, partition, from, to })
  }
  return joined
}
