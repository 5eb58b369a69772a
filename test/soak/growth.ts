import type { Resources } from '../integration/faults/process-tree.ts'

const MIB = 1024 * 1024
/** A process that was looked at less often says nothing. */
const FEWEST = 30

export interface Growth {
  readonly what: 'memory' | 'files' | 'threads'
  readonly early: number
  readonly late: number
  readonly grew: boolean
}

/**
 * Does a process hold more and more? Its samples were taken when all was quiet; the medians of their middle and of
 * their last third are compared, so that neither the beginning nor one look at a bad moment means anything. Undefined = too few samples.
 */
export function growthOf(samples: readonly Resources[]): readonly Growth[] | undefined {
  if (samples.length < FEWEST) return undefined
  const third = Math.floor(samples.length / 3)
  const compare = (
    what: Growth['what'],
    value: (of: Resources) => number,
    slack: (early: number) => number
  ): Growth => {
    const early = median(samples.slice(third, 2 * third).map(value))
    const late = median(samples.slice(-third).map(value))
    return { what, early, late, grew: late > early + slack(early) }
  }
  return [
    // malloc keeps what the worst fault so far needed.
    compare(
      'memory',
      ({ rssBytes }) => Math.round(rssBytes / MIB),
      (early) => Math.max(48, early * 0.25)
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
