/** How long the second key of "g j" may take. */
const PATIENCE_MS = 1000

/**
 * Says which of the known sequences ("?", "/", "g j") the keys make.
 *
 * Invariant: `pending` is a true beginning of a known sequence, or empty.
 */
export class KeySequence {
  private pending: string[] = []
  private last = 0

  push(key: string, at: number, known: readonly string[]): string | undefined {
    if (at - this.last > PATIENCE_MS) this.pending = []
    this.last = at
    for (const keys of [[...this.pending, key], [key]]) {
      const typed = keys.join(' ')
      if (known.includes(typed)) {
        this.pending = []
        return typed
      }
      if (known.some((sequence) => sequence.startsWith(`${typed} `))) {
        this.pending = keys
        return undefined
      }
    }
    this.pending = []
    return undefined
  }
}
