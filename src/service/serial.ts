/**
 * Runs what it is given one after the other.
 *
 * Invariant: at most one runs; a failure is its caller's alone.
 */
export class Serial {
  #last: Promise<unknown> = Promise.resolve()

  async run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => undefined)
    return await result
  }
}
