import type { DifferenceList } from './difference-list.ts'

/** Records that the target has once more because the mirror began again behind them, as at-least-once allows. */
export interface Redelivery {
  readonly source: number
  readonly target: number
  readonly count: number
}

/**
 * What came again in order. It is a re-delivery once it has caught up with what came before; if it breaks off, these are
 * duplicates that nothing explains.
 */
export class Redeliveries {
  readonly first: Redelivery[] = []
  readonly #mostNamed: number
  readonly #duplicate: DifferenceList
  #open: { source: number; target: number; count: number; lastPlace: number }[] = []
  #count = 0

  constructor(mostNamed: number, duplicate: DifferenceList) {
    this.#mostNamed = mostNamed
    this.#duplicate = duplicate
  }

  /** Records of all re-deliveries that have caught up. */
  get count(): number {
    return this.#count
  }

  /** One record, at this place of the source, came again. */
  note(source: number, target: number, place: number): void {
    const last = this.#open.at(-1)
    if (last?.lastPlace === place - 1) {
      last.count++
      last.lastPlace = place
    } else this.#open.push({ source, target, count: 1, lastPlace: place })
  }

  pass(caughtUp: boolean): void {
    if (this.#open.length === 0) return
    for (const { source, target, count } of this.#open) {
      if (caughtUp) {
        this.#count += count
        if (this.first.length < this.#mostNamed) this.first.push({ source, target, count })
      } else this.#duplicate.add({ source, target }, count)
    }
    this.#open = []
  }
}
