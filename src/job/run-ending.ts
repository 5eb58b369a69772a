import type { MillraceError } from '../model/millrace-error.ts'

export type Wish = { readonly how: 'done' | 'stop' | 'kill' } | { readonly how: 'fail'; readonly error: MillraceError }

/**
 * How a run is to end, and that it is to.
 *
 * Invariant: the first wish counts, whoever has it.
 */
export class RunEnding {
  readonly wished: Promise<Wish>
  #resolve: (wish: Wish) => void = () => undefined
  #isWished = false

  constructor() {
    this.wished = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  get isWished(): boolean {
    return this.#isWished
  }

  wish(wish: Wish): void {
    this.#isWished = true
    this.#resolve(wish)
  }
}
