import type { SeenAt } from './digest-table.ts'

const KEPT = 4096

/** The first places of many, by range and offset. */
export class FirstPlaces<T extends { readonly at: SeenAt }> {
  readonly #most: number
  #kept: T[] = []

  constructor(most: number) {
    this.#most = most
  }

  add(place: T): void {
    this.#kept.push(place)
    if (this.#kept.length >= KEPT + this.#most) this.#kept = this.first()
  }

  first(): T[] {
    return this.#kept.toSorted((a, b) => a.at.range - b.at.range || a.at.offset - b.at.offset).slice(0, this.#most)
  }
}
