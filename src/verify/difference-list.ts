/** What can be wrong with a copy. */
export type DifferenceKind = 'lost' | 'duplicate' | 'reordered' | 'phantom' | 'altered'

export const DIFFERENCE_KINDS = ['lost', 'duplicate', 'reordered', 'phantom', 'altered'] as const

/** One record that differs: where it is at the source, at the target, or both. */
export interface DifferencePlace {
  readonly source?: number
  readonly target?: number
}

/**
 * How many records differ in one way, and where the first of them are.
 *
 * Invariant: `first` has at most `most` places, `count` counts all.
 */
export class DifferenceList {
  readonly first: DifferencePlace[] = []
  readonly #most: number
  #count = 0

  constructor(most: number) {
    this.#most = most
  }

  get count(): number {
    return this.#count
  }

  add(place: DifferencePlace, count = 1): void {
    this.#count += count
    if (this.first.length < this.#most) this.first.push(place)
  }
}
