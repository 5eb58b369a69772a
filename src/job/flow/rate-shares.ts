import type { Rate } from '../../model/rate.ts'
import { divideRate, type RateUse } from './divide-rate.ts'

/** What a worker process has copied since it began. */
export interface RateReading {
  /** Names the process, never used again. */
  readonly process: number
  readonly bytes: number
  readonly records: number
}

interface Known extends RateReading {
  readonly at: number
  readonly perSecond: { readonly bytes: number; readonly records: number } | undefined
}

/** How much of the newest measurement goes into the mean: large records come in lumps. */
const NEWEST = 0.5

/** The share of a job's rate that each worker has, from how much of it each uses. */
export class RateShares {
  #known = new Map<number, Known>()
  #shares = new Map<number, Rate>()

  /** @param now a clock in ms that doesn't jump */
  divide(rate: Rate, readings: readonly RateReading[], now: number): ReadonlyMap<number, Rate> {
    const known = readings.map((reading) => this.#measure(reading, now))
    const of = (unit: 'bytes' | 'records'): number[] | undefined => {
      const total = rate[unit]
      if (total === undefined) return undefined
      const uses: RateUse[] = known.map(({ process, perSecond }) => {
        return { perSecond: perSecond?.[unit], share: this.#shares.get(process)?.[unit] }
      })
      return divideRate(total, uses)
    }
    const [bytes, records] = [of('bytes'), of('records')]
    this.#known = new Map(known.map((one) => [one.process, one]))
    this.#shares = new Map(
      known.map(({ process }, index) => {
        const [b, r] = [bytes?.[index], records?.[index]]
        return [process, { ...(b !== undefined && { bytes: b }), ...(r !== undefined && { records: r }) }]
      })
    )
    return this.#shares
  }

  #measure(reading: RateReading, now: number): Known {
    const before = this.#known.get(reading.process)
    if (before === undefined) return { ...reading, at: now, perSecond: undefined }
    const seconds = (now - before.at) / 1000
    if (seconds < 0.5) return before
    const mean = (unit: 'bytes' | 'records'): number => {
      const newest = (reading[unit] - before[unit]) / seconds
      const last = before.perSecond?.[unit]
      return last === undefined ? newest : last * (1 - NEWEST) + newest * NEWEST
    }
    return { ...reading, at: now, perSecond: { bytes: mean('bytes'), records: mean('records') } }
  }
}
