import { BUCKETS, type BucketSums } from './bucket-sums.ts'
import type { DigestTable, SeenAt } from './digest-table.ts'
import { FirstPlaces } from './first-places.ts'

interface Place {
  readonly at: SeenAt
}

export interface Again extends Place {
  readonly target: SeenAt
  readonly count: number
}

/** What two sets of records, without an order, have not in common. */
export class MultisetDifference {
  readonly #lost: FirstPlaces<Place>
  readonly #phantom: FirstPlaces<Place>
  readonly #again: FirstPlaces<Again>
  readonly counts = { equal: 0, lost: 0, phantom: 0, again: 0 }

  constructor(most: number) {
    this.#lost = new FirstPlaces(most)
    this.#phantom = new FirstPlaces(most)
    this.#again = new FirstPlaces(most)
  }

  get lost(): readonly Place[] {
    return this.#lost.first()
  }

  get phantom(): readonly Place[] {
    return this.#phantom.first()
  }

  get again(): readonly Again[] {
    return this.#again.first()
  }

  addEqual(count: number): void {
    this.counts.equal += count
  }

  add(table: DigestTable): void {
    for (const { required, optional, target, source, atTarget } of table.entries()) {
      const surplus = Math.max(0, target - required - optional)
      this.counts.equal += target - surplus
      const missing = Math.max(0, required - target)
      if (missing > 0 && source !== undefined) {
        this.counts.lost += missing
        this.#lost.add({ at: source })
      }
      if (surplus === 0 || atTarget === undefined) continue
      if (source === undefined) {
        this.counts.phantom += surplus
        this.#phantom.add({ at: atTarget })
      } else {
        this.counts.again += surplus
        this.#again.add({ at: source, target: atTarget, count: surplus })
      }
    }
  }
}

/**
 * The buckets that have to be looked at, in groups of at most `most` digests each: one pass a group. What is in the
 * other buckets is equal.
 */
export function bucketGroups(
  sums: BucketSums,
  most: number
): {
  readonly groups: readonly { readonly buckets: ReadonlySet<number>; readonly digests: number }[]
  readonly equal: number
} {
  const groups: { buckets: Set<number>; digests: number }[] = []
  let equal = 0
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    if (sums.isEqual(bucket)) {
      equal += sums.required(bucket)
      continue
    }
    const digests = sums.count(bucket)
    const last = groups.at(-1)
    if (last === undefined || last.digests + digests > most) groups.push({ buckets: new Set([bucket]), digests })
    else {
      last.buckets.add(bucket)
      last.digests += digests
    }
  }
  return { groups, equal }
}
