import type { StreamMessage } from '../../api/contract.ts'

/** What happened once and can't be asked for again. */
export type Happening = Extract<StreamMessage, { readonly type: 'event' | 'log' | 'alarm' }>

export interface Numbered {
  readonly number: number
  readonly message: Happening
}

const MOST_LOGS = 1000
const MOST_OTHERS = 1000

/**
 * What happened last, for those who come back.
 *
 * Invariant: numbers rise; of logs and of all else the newest are kept, and `#forgotten` has the numbers of the newest of
 * each that are not.
 */
export class StreamReplay {
  readonly #logs: Numbered[] = []
  readonly #others: Numbered[] = []
  #forgottenLog = 0
  #forgottenOther = 0

  add(one: Numbered): void {
    if (one.message.type === 'log') {
      this.#logs.push(one)
      if (this.#logs.length > MOST_LOGS) this.#forgottenLog = this.#logs.shift()?.number ?? 0
    } else {
      this.#others.push(one)
      if (this.#others.length > MOST_OTHERS) this.#forgottenOther = this.#others.shift()?.number ?? 0
    }
  }

  /** What came after a number; undefined = some of it is not known any more. */
  after(number: number, withLogs: boolean): readonly Numbered[] | undefined {
    if (number < this.#forgottenOther || (withLogs && number < this.#forgottenLog)) return undefined
    const newer = (one: Numbered): boolean => one.number > number
    const others = this.#others.filter(newer)
    if (!withLogs) return others
    return [...others, ...this.#logs.filter(newer)].sort((a, b) => a.number - b.number)
  }
}
