/**
 * Lets one thing happen after the other.
 *
 * Invariant: work begins in the order in which it was asked for, each when the one before is over, failed or not.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  async take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return await turn
  }
}
