import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawBars } from '../../benchmarks/harness/plot/draw-bars.ts'
import { drawLines } from '../../benchmarks/harness/plot/draw-lines.ts'
import { formatFigure } from '../../benchmarks/harness/plot/format-figure.ts'
import { scaleOf } from '../../benchmarks/harness/plot/scale.ts'
import type { BarPlot, LinePlot } from '../../benchmarks/harness/suite-results.ts'

const BARS: BarPlot = {
  kind: 'bars',
  name: 'speed',
  title: 'Speed',
  unit: 'records/s',
  groups: [
    {
      name: 'small',
      bars: [
        { series: 'millrace', value: 500_000 },
        { series: 'other', value: 1_000_000 }
      ]
    },
    {
      name: 'large',
      bars: [
        { series: 'millrace', value: 20 },
        { series: 'other', value: 10 }
      ]
    }
  ]
}

function widths(svg: string): readonly number[] {
  return [...svg.matchAll(/<rect class="(?:ours|other)"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width))
}

describe('bars', () => {
  test('are as long as their share of the longest of their group', () => {
    const [first = 0, second, third, fourth = 0] = widths(drawBars(BARS))
    expect(second).toBe(first * 2)
    expect(third).toBe(fourth * 2)
    expect(second).toBe(third)
  })

  test('show name and figure in words', () => {
    const svg = drawBars(BARS)
    for (const shown of ['Speed, records/s', 'small', 'large', 'millrace', '1,000,000'])
      expect(svg).toContain(`>${shown}<`)
  })

  test('of nothing are no bars, not broken ones', () => {
    const nothing = drawBars({ ...BARS, groups: [{ name: 'none', bars: [{ series: 'millrace', value: 0 }] }] })
    expect(widths(nothing)).toEqual([0])
    expect(nothing).not.toContain('NaN')
  })
})

describe('lines', () => {
  const lines: LinePlot = {
    kind: 'lines',
    name: 'latency',
    title: 'p99 < 50 ms & more',
    x: { title: 'records/s', logarithmic: true },
    y: { title: 'ms' },
    series: [
      {
        name: 'millrace',
        points: [
          [1000, 10],
          [100_000, 20]
        ]
      },
      {
        name: 'mm2',
        points: [
          [1000, 40],
          [100_000, 40]
        ]
      }
    ]
  }

  test('are placed by their axes: in the middle of a logarithmic one lies the geometric mean', () => {
    const svg = drawLines({
      ...lines,
      series: [
        {
          name: 'one',
          points: [
            [1000, 0],
            [10_000, 40],
            [100_000, 20]
          ]
        }
      ]
    })
    const xs = [...svg.matchAll(/<circle[^>]*cx="([\d.]+)"[^>]*r="3.5"/g)].map(([, x]) => Number(x))
    expect(xs[1]).toBeCloseTo(((xs[0] ?? 0) + (xs[2] ?? 0)) / 2)
  })

  test('text can’t break the file', () => {
    expect(drawLines(lines)).toContain('p99 &lt; 50 ms &amp; more')
  })

  test('a legend that is too long goes on in another row', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({
      name: `a rather long name ${index}`,
      points: [[1, 1]] as const
    }))
    const svg = drawLines({ ...lines, series: many })
    const xs = [...svg.matchAll(/<circle[^>]*cx="([\d.]+)"[^>]*r="5"/g)].map(([, x]) => Number(x))
    expect(Math.max(...xs)).toBeLessThan(720)
  })
})

describe('axes', () => {
  test('begin at 0 and end at or above the largest, in round steps', () => {
    expect(scaleOf([37], {}).ticks).toEqual([0, 10, 20, 30, 40])
    expect(scaleOf([1000], {}).ticks).toEqual([0, 200, 400, 600, 800, 1000])
    expect(scaleOf([0], {}).ticks).toEqual([0, 1])
  })

  test('hold every value', () => {
    const value = fc.double({ min: 1e-6, max: 1e12, noNaN: true })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.boolean(), (values, logarithmic) => {
        const scale = scaleOf(values, { logarithmic })
        for (const each of values) {
          expect(scale.place(each)).toBeGreaterThanOrEqual(-1e-9)
          expect(scale.place(each)).toBeLessThanOrEqual(1 + 1e-9)
        }
        expect(scale.place(scale.ticks.at(-1) ?? 0)).toBeCloseTo(1)
        expect(scale.ticks.length).toBeLessThan(20)
      })
    )
  })

  test('a logarithmic one refuses what it can’t show', () => {
    expect(() => scaleOf([0, 1], { logarithmic: true })).toThrow('above 0')
  })
})

test.each([
  [1_234_567.8, '1,234,568'],
  [99.96, '100'],
  [12.34, '12.3'],
  [0.756, '0.76'],
  [5, '5'],
  [0.00012, '0.00012'],
  [0, '0'],
  [100, '100']
])('%d is shown as %s', (value, shown) => {
  expect(formatFigure(value)).toBe(shown)
})
