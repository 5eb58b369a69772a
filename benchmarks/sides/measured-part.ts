import { STEADY_FROM, STEADY_TO } from '../harness/steady-state.ts'
import { now, print, type Moment } from './side-report.ts'

/** Takes the time when a tenth of the records is through, and again near their end. */
export class MeasuredPart {
  readonly #records: number
  #taken = 0
  #bytes = 0
  #from: { readonly taken: number; readonly moment: Moment } | undefined
  #to: { readonly taken: number; readonly moment: Moment } | undefined

  constructor(records: number) {
    this.#records = records
  }

  /** True when that was all. */
  add(records: number, bytes: number): boolean {
    this.#taken += records
    this.#bytes += bytes
    if (this.#from === undefined && this.#taken >= this.#records * STEADY_FROM) this.#from = this.#look()
    if (this.#to === undefined && this.#taken >= this.#records * STEADY_TO) this.#to = this.#look()
    return this.#taken >= this.#records
  }

  print(): void {
    const [from, to] = [this.#from, this.#to]
    if (from === undefined || to === undefined) throw new Error('not everything is through')
    const counted = { records: this.#taken, bytes: this.#bytes, measured: to.taken - from.taken }
    print(counted, from.moment, to.moment)
  }

  #look() {
    return { taken: this.#taken, moment: now() }
  }
}
