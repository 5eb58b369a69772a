import { describe, expect, test } from 'vitest'
import { comparisonNotes, comparisonRows, compareRuns, surelyWorse } from '../../benchmarks/harness/compare-runs.ts'
import type { Ratio, SuiteResults } from '../../benchmarks/harness/suite-results.ts'

const BASELINE = { surroundings: { commit: 'abc', date: '2026-01-02' } } as unknown as SuiteResults

function ratio(samples: readonly number[], better: Ratio['better'] = 'lower', what = 'CPU'): Ratio {
  return { what, control: 'c-loop', better, samples }
}

/** Fifteen around a value, within 2 % of it. */
function steady(value: number): readonly number[] {
  return Array.from({ length: 15 }, (_, index) => value * (1 + ((index % 5) - 2) / 100))
}

function verdict(before: Ratio, now: Ratio) {
  return compareRuns([before], [now]).ratios[0]?.verdict
}

describe('with enough pairs', () => {
  test('a tenth more is worse, a tenth less better, and the other way round for speed', () => {
    expect(verdict(ratio(steady(1)), ratio(steady(1.1)))).toBe('worse')
    expect(verdict(ratio(steady(1)), ratio(steady(0.9)))).toBe('better')
    expect(verdict(ratio(steady(1), 'higher'), ratio(steady(1.1), 'higher'))).toBe('better')
    expect(verdict(ratio(steady(1), 'higher'), ratio(steady(0.9), 'higher'))).toBe('worse')
  })

  test('a hundredth is noise', () => {
    expect(verdict(ratio(steady(1)), ratio(steady(1.01)))).toBe('the same within the noise')
  })

  test('one that is far off moves nothing', () => {
    expect(verdict(ratio(steady(1)), ratio([...steady(1), 9]))).toBe('the same within the noise')
  })

  test('surely worse by so many per cent counts the noise in our favour', () => {
    const comparison = compareRuns([ratio(steady(1))], [ratio(steady(1.1))])
    expect(surelyWorse(comparison, 5)).toHaveLength(1)
    expect(surelyWorse(comparison, 10)).toHaveLength(0)
    const slower = compareRuns([ratio(steady(1), 'higher')], [ratio(steady(0.5), 'higher')])
    expect(surelyWorse(slower, 80)).toHaveLength(1)
    expect(surelyWorse(slower, 100)).toHaveLength(0)
  })
})

describe('with single runs', () => {
  test('less than tens of per cent can’t be told, and it says so', () => {
    const comparison = compareRuns([ratio([1])], [ratio([1.3])])
    expect(comparison.ratios[0]).toMatchObject({ verdict: 'the same within the noise', few: true })
    expect(comparisonNotes(comparison, BASELINE).join('\n')).toContain("a single run can't tell")
    expect(surelyWorse(comparison, 0)).toEqual([])
  })

  test('twice as much can', () => {
    expect(verdict(ratio([1]), ratio([2]))).toBe('worse')
    expect(verdict(ratio([1], 'higher'), ratio([2], 'higher'))).toBe('better')
  })

  test('a few that lie far apart are believed to', () => {
    expect(verdict(ratio([1, 3]), ratio([2.2, 3]))).toBe('the same within the noise')
  })
})

test('a ratio finds itself by name and control; others are named', () => {
  const other = { ...ratio([1]), control: 'none' }
  const comparison = compareRuns([ratio([1]), ratio([1], 'lower', 'gone')], [ratio([1]), other])
  expect(comparison.ratios).toHaveLength(1)
  expect(comparison.alone).toEqual(['gone ÷ c-loop', 'CPU ÷ none'])
})

test('another size is another ratio: a short run is nearly all start', () => {
  const long = { ...ratio([1]), size: '5,000,000 records' }
  const short = { ...ratio([9]), size: '1,000 records' }
  const comparison = compareRuns([long], [short])
  expect(comparison.ratios).toEqual([])
  expect(comparison.alone).toEqual(['CPU ÷ c-loop, 5,000,000 records', 'CPU ÷ c-loop, 1,000 records'])
})

test('the table says how much and within which noise', () => {
  const [row] = comparisonRows(compareRuns([ratio([2])], [ratio([1])]))
  expect(row).toEqual(['CPU ÷ c-loop', '2.000', '1.000', '−50.0 %', '−65.3 % to −28.0 % *', 'better'])
})
