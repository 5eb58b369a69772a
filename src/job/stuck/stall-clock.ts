/** Says since when each partition has made no progress although it should. */
export class StallClock {
  #since = new Map<string, { readonly to: number; readonly at: number }>()

  /**
   * Milliseconds without progress of each partition that waits; the others are forgotten.
   *
   * @param waiting partitions that have something to copy, by name, and up to where they are copied
   * @param now a clock in ms that doesn't jump
   */
  look(waiting: ReadonlyMap<string, number>, now: number): ReadonlyMap<string, number> {
    const since = new Map<string, { readonly to: number; readonly at: number }>()
    for (const [name, to] of waiting) {
      const before = this.#since.get(name)
      since.set(name, before?.to === to ? before : { to, at: now })
    }
    this.#since = since
    return new Map([...since].map(([name, { at }]) => [name, now - at]))
  }
}
