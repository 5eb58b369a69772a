import type { PartitionRow } from '../../api/contract.ts'
import { partitionName } from '../../model/topic-partition.ts'

/**
 * Which rows of a job's partitions have changed since somebody looked, whoever looks and however often.
 *
 * Invariant: a row's version is that of the update in which it last differed from the one before.
 */
export class PartitionChanges {
  #rows: readonly PartitionRow[] = []
  #versions: number[] = []
  #version = 0

  get version(): number {
    return this.#version
  }

  get size(): number {
    return this.#rows.length
  }

  update(rows: readonly PartitionRow[]): void {
    this.#version++
    const known = this.#rows
    const inOrder = known.length === rows.length
    const byName = inOrder ? undefined : new Map(known.map((row, n) => [partitionName(row), n]))
    const versions = this.#versions
    this.#versions = rows.map((row, n) => {
      const index = byName === undefined ? n : (byName.get(partitionName(row)) ?? -1)
      const before = known[index]
      return before !== undefined && isSame(before, row) ? (versions[index] ?? 0) : this.#version
    })
    this.#rows = rows
  }

  since(version: number): readonly PartitionRow[] {
    return this.#rows.filter((_, n) => (this.#versions[n] ?? 0) > version)
  }
}

function isSame(a: PartitionRow, b: PartitionRow): boolean {
  return (
    a === b ||
    (a.partition === b.partition &&
      a.topic === b.topic &&
      a.target === b.target &&
      a.state === b.state &&
      a.from === b.from &&
      a.to === b.to &&
      a.end === b.end &&
      a.records === b.records &&
      a.recordsPerSecond === b.recordsPerSecond &&
      a.bytesPerSecond === b.bytesPerSecond &&
      a.reason?.code === b.reason?.code &&
      a.reason?.message === b.reason?.message)
  )
}
