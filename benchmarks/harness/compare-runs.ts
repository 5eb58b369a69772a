import { medianInterval } from './median.ts'
import type { Column, Ratio, SuiteResults } from './suite-results.ts'

/** A ratio of this run next to the same ratio of the baseline. */
export interface ComparedRatio {
  readonly what: string
  readonly control: string
  readonly better: Ratio['better']
  readonly before: number
  readonly now: number
  /** Now through before: what the noise leaves open. */
  readonly low: number
  readonly high: number
  readonly verdict: 'better' | 'worse' | 'the same within the noise'
  /** Too few samples on a side: `low` and `high` are from experience, not from an interval. */
  readonly few: boolean
}

export interface Comparison {
  readonly ratios: readonly ComparedRatio[]
  /** In one of the two only. */
  readonly alone: readonly string[]
}

/** With fewer there is no 95 % interval of a median. */
const ENOUGH_SAMPLES = 6
/** How far a few runs may lie from the truth on either side: two single runs then differ by up to tens of per cent. */
const FEW_RUNS_FACTOR = 1.2

/** Holds a run against another one of the same suite. Only ratios within each are compared, never absolute figures. */
export function compareRuns(baseline: readonly Ratio[], current: readonly Ratio[]): Comparison {
  const pairs = current.flatMap((now) => {
    const before = baseline.find((ratio) => isSame(ratio, now))
    return before ? [{ before, now }] : []
  })
  const alone = [...baseline, ...current].filter(
    (ratio) => !pairs.some(({ before, now }) => before === ratio || now === ratio)
  )
  return {
    ratios: pairs.map(({ before, now }) => compareRatio(before, now)),
    alone: alone.map(({ what, control, size }) => `${what} ÷ ${control}${size === undefined ? '' : `, ${size}`}`)
  }
}

export const COMPARISON_COLUMNS: readonly Column[] = [
  { title: 'ratio' },
  { title: 'before', figure: true },
  { title: 'now', figure: true },
  { title: 'change', figure: true },
  { title: 'may be', figure: true },
  { title: '' }
]

export function comparisonRows({ ratios }: Comparison): readonly (readonly string[])[] {
  return ratios.map(({ what, control, before, now, low, high, verdict, few }) => [
    `${what} ÷ ${control}`,
    before.toFixed(3),
    now.toFixed(3),
    percent(now / before),
    `${percent(low)} to ${percent(high)}${few ? ' *' : ''}`,
    verdict
  ])
}

export function comparisonNotes({ ratios, alone }: Comparison, baseline: SuiteResults): readonly string[] {
  const { commit, date } = baseline.surroundings
  return [
    `Held against the results of ${date} (${commit}), each run by its own control.`,
    ...(ratios.some(({ few }) => few)
      ? [
          `* fewer than ${ENOUGH_SAMPLES} runs or pairs on one side: a single run can't tell differences of less than tens of per cent; use --pairs 15.`
        ]
      : []),
    ...alone.map((what) => `in one of the two only: ${what}`)
  ]
}

/** Those that are worse by more than that even if noise flatters the baseline. */
export function surelyWorse({ ratios }: Comparison, limitPercent: number): readonly ComparedRatio[] {
  return ratios.filter((ratio) => leastWorse(ratio) > 1 + limitPercent / 100)
}

function compareRatio(before: Ratio, now: Ratio): ComparedRatio {
  const was = spread(before.samples)
  const is = spread(now.samples)
  const ratio = {
    what: now.what,
    control: now.control,
    better: now.better,
    before: was.median,
    now: is.median,
    low: is.low / was.high,
    high: is.high / was.low,
    few: Math.min(before.samples.length, now.samples.length) < ENOUGH_SAMPLES
  }
  const verdict = leastWorse(ratio) > 1 ? 'worse' : mostWorse(ratio) < 1 ? 'better' : 'the same within the noise'
  return { ...ratio, verdict }
}

type Range = Pick<ComparedRatio, 'better' | 'low' | 'high'>

/** By which factor it is worse at least; below 1, better. */
function leastWorse({ better, low, high }: Range): number {
  return better === 'lower' ? low : 1 / high
}

function mostWorse({ better, low, high }: Range): number {
  return better === 'lower' ? high : 1 / low
}

interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

function spread(samples: readonly number[]): Spread {
  const interval = medianInterval(samples)
  if (samples.length >= ENOUGH_SAMPLES) return interval
  return {
    median: interval.median,
    low: Math.min(interval.low, interval.median / FEW_RUNS_FACTOR),
    high: Math.max(interval.high, interval.median * FEW_RUNS_FACTOR)
  }
}

function isSame(a: Ratio, b: Ratio): boolean {
  return a.what === b.what && a.control === b.control && a.size === b.size
}

function percent(factor: number): string {
  const value = (factor - 1) * 100
  return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(1)} %`
}
