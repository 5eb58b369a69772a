import type { Axis } from '../suite-results.ts'

export interface Scale {
  readonly ticks: readonly number[]
  /** Where a value lies: 0 at the first tick, 1 at the last. */
  place(value: number): number
}

const TICKS = 5
const NICE = [1, 2, 5, 10]

/** Round numbers around the values; from 0 unless logarithmic, then from one power of ten to another. */
export function scaleOf(values: readonly number[], { logarithmic = false }: Pick<Axis, 'logarithmic'>): Scale {
  return logarithmic ? logarithmicScale(values) : linearScale(Math.max(...values, 0))
}

function linearScale(largest: number): Scale {
  const rough = largest > 0 ? largest / TICKS : 1
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (NICE.find((nice) => nice * power >= rough * (1 - Number.EPSILON)) ?? 10)
  const count = Math.max(1, Math.ceil(largest / step - 1e-9))
  return {
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
    place: (value) => value / (count * step)
  }
}

function logarithmicScale(values: readonly number[]): Scale {
  if (values.some((value) => value <= 0)) throw new Error('a logarithmic axis shows values above 0 only')
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    place: (value) => (Math.log10(value) - low) / (high - low)
  }
}
