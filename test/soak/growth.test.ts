import { describe, expect, it } from 'vitest'
import { growthOf } from './growth.ts'

const MIB = 1024 * 1024
const at = (mib: number, files = 30, threads = 20) => ({ rssBytes: mib * MIB, files, threads })
const series = (length: number, of: (index: number) => ReturnType<typeof at>) => Array.from({ length }, (_, i) => of(i))

describe('growth of a process', () => {
  it('is not told from a few samples', () => {
    expect(growthOf(series(29, () => at(100)))).toBeUndefined()
  })

  it('is none where one look was at a bad moment', () => {
    const samples = series(30, (index) => (index === 29 ? at(900, 500, 90) : at(100 + (index % 3))))
    expect(growthOf(samples)?.filter(({ grew }) => grew)).toEqual([])
  })

  it('is seen in memory, files and threads each', () => {
    expect(growthOf(series(30, (index) => at(100 + 10 * index)))?.find(({ grew }) => grew)?.what).toBe('memory')
    expect(growthOf(series(60, (index) => at(100, 30 + index)))?.find(({ grew }) => grew)?.what).toBe('files')
    expect(growthOf(series(30, (index) => at(100, 30, 20 + index)))?.find(({ grew }) => grew)?.what).toBe('threads')
  })
})
