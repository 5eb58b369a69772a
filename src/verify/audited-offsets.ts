/**
 * What the audit trail says of one source partition: the offsets of records that were not copied as they were.
 *
 * Invariant: `#ranges` are in order and do not overlap: [from, to, altered as 0 or 1].
 */
export class AuditedOffsets {
  readonly #ranges: readonly (readonly [from: number, to: number, isAltered: boolean])[]

  constructor(entries: readonly { readonly offset: number; readonly count: number; readonly isAltered: boolean }[]) {
    const ranges: [number, number, boolean][] = []
    for (const { offset, count, isAltered } of entries.toSorted((a, b) => a.offset - b.offset)) {
      const last = ranges.at(-1)
      // A record that was read twice is told twice.
      const from = Math.max(offset, last?.[1] ?? 0)
      const to = offset + count
      if (from >= to) continue
      if (last !== undefined && last[1] === from && last[2] === isAltered) last[1] = to
      else ranges.push([from, to, isAltered])
    }
    this.#ranges = ranges
  }

  /** `removed`: by a policy. `altered`: delivered with another timestamp. Undefined: nothing is said of it. */
  at(offset: number): 'removed' | 'altered' | undefined {
    let low = 0
    let high = this.#ranges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ranges[middle]?.[1] ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    const range = this.#ranges[low]
    if (range === undefined || offset < range[0]) return undefined
    return range[2] ? 'altered' : 'removed'
  }
}
