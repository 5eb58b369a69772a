import { PendingDigests } from '../../src/verify/pending-digests.ts'
import { type AlignerOptions, type Alignment, SequenceAligner } from '../../src/verify/sequence-aligner.ts'

/** Digests of records that are told apart by a number; `offsets` default to 0, 1, 2 … */
export function digests(records: readonly number[], offsets: readonly number[] = records.map((_, index) => index)) {
  return {
    words: Uint32Array.from(records.flatMap((record) => [Math.imul(record, 0x9e3779b1) >>> 0, record, 7, 9])),
    spans: Float64Array.from(offsets.flatMap((offset) => [offset, 1]))
  }
}

/** Aligns two sequences, given in chunks of `chunk` records. */
export function align(
  source: readonly number[],
  target: readonly number[],
  { chunk = 5, ...options }: Partial<AlignerOptions> & { readonly chunk?: number } = {}
): Alignment {
  const aligner = new SequenceAligner({
    requiredTo: Number.POSITIVE_INFINITY,
    sourceTo: source.length,
    targetTo: target.length,
    window: 1 << 14,
    mostUnmatched: 10_000,
    mostNamed: 10,
    sourceTrimmed: false,
    targetTrimmed: false,
    ...options
  })
  const sides = {
    source: { records: source, pending: new PendingDigests(), read: 0 },
    target: { records: target, pending: new PendingDigests(), read: 0 }
  }
  for (;;) {
    const { source: from, target: to } = sides
    const wanted = aligner.advance(from.pending, to.pending, {
      source: from.read === from.records.length,
      target: to.read === to.records.length
    })
    if (wanted === undefined) return aligner.finish()
    const side = sides[wanted]
    if (side.read === side.records.length) throw new Error(`${wanted} has ended`)
    const next = side.records.slice(side.read, side.read + chunk)
    side.pending.push(
      digests(
        next,
        next.map((_, index) => side.read + index)
      )
    )
    side.read += next.length
  }
}

/** Counts of everything that was found. */
export function counts({ differences, pairs, morePairs, redelivered }: Alignment) {
  const { lost, duplicate, reordered, phantom } = differences
  return {
    lost: lost.count,
    duplicate: duplicate.count,
    reordered: reordered.count,
    phantom: phantom.count,
    altered: pairs.length + morePairs,
    redelivered
  }
}
