interface CounterLabels {
  readonly rebalances: { readonly type: 'assigned' | 'revoked' }
  readonly worker_restarts: Readonly<Record<never, string>>
  readonly errors: ErrorLabels
  readonly warnings: ErrorLabels
  readonly commit_failures: Readonly<Record<never, string>>
  readonly producers_remade: Readonly<Record<never, string>>
  readonly partitions_stopped: { readonly code: string }
  readonly losses: { readonly code: string; readonly outcome: 'stopped' | 'continued' }
  readonly lost_offsets: { readonly code: string }
  readonly topics: { readonly change: 'created' | 'grown' | 'found' }
}

interface ErrorLabels {
  /** Of docs/errors.md, or librdkafka's name of its error. */
  readonly code: string
  /** Empty: neither side alone, or unknown. */
  readonly cluster: 'source' | 'target' | ''
}

export type CounterName = keyof CounterLabels

/** What one event adds to a counter. */
export type Count = {
  readonly [C in CounterName]: { readonly counter: C; readonly labels: CounterLabels[C]; readonly by: number }
}[CounterName]

/** A sum as it is exposed. */
export interface CounterSum {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/**
 * Sums of what the events of a job count.
 *
 * Invariant: sums only grow, and there is one for each counter and set of labels. Labels come from small sets (codes,
 * sides), never from names of topics or from text, so their number stays small.
 */
export class EventCounters {
  readonly #sums = new Map<CounterName, Map<string, CounterSum>>()

  add(counts: readonly Count[]): void {
    for (const { counter, labels, by } of counts) {
      let sums = this.#sums.get(counter)
      if (sums === undefined) this.#sums.set(counter, (sums = new Map()))
      const key = JSON.stringify(labels)
      sums.set(key, { labels: { ...labels }, value: (sums.get(key)?.value ?? 0) + by })
    }
  }

  /** Empty while nothing was counted. */
  of(counter: CounterName): readonly CounterSum[] {
    return [...(this.#sums.get(counter)?.values() ?? [])]
  }
}
