import type { Resources } from '../integration/faults/process-tree.ts'

const MIB = 1024 * 1024
/** A process that was looked at less often has not met every kind of fault yet, and grows into what the worst one needs. */
const FEWEST = 90
/** The first of these parts of the samples is the warm-up. */
const PARTS = 6

export interface Growth {
  readonly what: 'memory' | 'files' | 'threads'
  readonly early: number
  readonly late: number
  readonly grew: boolean
}

/**
 * Does a process hold more and more? Its samples were taken when all was quiet. The medians of their parts are compared,
 * so that neither the beginning nor one look at a bad moment means anything.
 *
 * What leaks does so with every fault: it grows from part to part, but for one at most. What grows in a step or two is what malloc
 * keeps of the worst fault so far (a piece of heap is 64 MiB); that it stays below the limit is for the limit's own check.
 *
 * Undefined = too few samples.
 */
export function growthOf(samples: readonly Resources[]): readonly Growth[] | undefined {
  if (samples.length < FEWEST) return undefined
  const compare = (
    what: Growth['what'],
    value: (of: Resources) => number,
    slack: (early: number) => number
  ): Growth => {
    const medians = partsOf(samples).map((part) => median(part.map(value)))
    const [early = 0, late = 0] = [medians[1], medians.at(-1)]
    const steady = late - early > slack(early) && risesOf(medians.slice(1), (late - early) / (4 * PARTS)) >= PARTS - 3
    return { what, early, late, grew: steady }
  }
  return [
    compare(
      'memory',
      ({ rssBytes }) => Math.round(rssBytes / MIB),
      (early) => Math.max(24, early * 0.15)
    ),
    // A reconnect may be under way, to each of a few brokers.
    compare(
      'files',
      ({ files }) => files,
      () => 8
    ),
    compare(
      'threads',
      ({ threads }) => threads,
      () => 4
    )
  ]
}

function partsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const boundary = (part: number) => Math.floor((part * items.length) / PARTS)
  return Array.from({ length: PARTS }, (_, part) => items.slice(boundary(part), boundary(part + 1)))
}

/** How many values are above the one before by more than `least`. */
function risesOf(values: readonly number[], least: number): number {
  return values.filter((value, index) => index > 0 && value - (values[index - 1] ?? value) > least).length
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
