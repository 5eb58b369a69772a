import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { growthOf } from './growth.ts'

const MIB = 1024 * 1024
const at = (mib: number, files = 30, threads = 20) => ({ rssBytes: mib * MIB, files, threads })
const series = (length: number, of: (index: number) => ReturnType<typeof at>) => Array.from({ length }, (_, i) => of(i))
const grown = (samples: readonly ReturnType<typeof at>[]) =>
  growthOf(samples)
    ?.filter(({ grew }) => grew)
    .map(({ what }) => what)

describe('growth of a process', () => {
  it('is not told from a few samples', () => {
    expect(growthOf(series(89, (index) => at(100 + 10 * index)))).toBeUndefined()
  })

  it('is none where one look was at a bad moment', () => {
    expect(grown(series(90, (index) => (index === 89 ? at(900, 500, 90) : at(100 + (index % 3)))))).toEqual([])
  })

  it('is seen in memory, files and threads each', () => {
    expect(grown(series(90, (index) => at(100 + 10 * index)))).toEqual(['memory'])
    expect(grown(series(90, (index) => at(100, 30 + index)))).toEqual(['files'])
    expect(grown(series(90, (index) => at(100, 30, 20 + index)))).toEqual(['threads'])
  })

  it('a leak with every fault is seen under whatever noise and steps come with it', () => {
    const noise = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 200, maxLength: 200 })
    fc.assert(
      fc.property(
        noise,
        fc.integer({ min: 0, max: 199 }),
        fc.integer({ min: 40, max: 400 }),
        (jitter, step, leaked) => {
          const samples = jitter.map((by, index) => at(100 + by + (leaked * index) / 200 + (index >= step ? 20 : 0)))
          expect(grown(samples)).toEqual(['memory'])
        }
      )
    )
  })

  it('one or two steps are what malloc keeps, whenever they come', () => {
    const noise = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 90, maxLength: 90 })
    const when = fc.integer({ min: 0, max: 89 })
    fc.assert(
      fc.property(noise, when, when, (jitter, first, second) => {
        const steps = (index: number) => (index >= first ? 60 : 0) + (index >= second ? 60 : 0)
        expect(grown(jitter.map((by, index) => at(100 + by + steps(index))))).toEqual([])
      })
    )
  })
})
