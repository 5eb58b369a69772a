import { expect, test } from 'vitest'
import { steadyState, untilComplete, type Sample } from '../../benchmarks/harness/steady-state.ts'

function sample(seconds: number, logBytes: number, cpuSeconds: number, rssBytes = 0): Sample {
  return { seconds, logBytes, cpuSeconds, rssBytes, sourceBrokerCpuSeconds: seconds, targetBrokerCpuSeconds: 0 }
}

test('a slow start and a slow end do not count', () => {
  const samples = [sample(0, 0, 0), sample(10, 0, 5), sample(11, 1000, 6), sample(60, 1000, 6)]
  const figures = steadyState(samples, 100_000)
  expect(figures.recordsPerSecond).toBeCloseTo(100_000)
  expect(figures.cpuMicrosPerRecord).toBeCloseTo(10)
  expect(figures).toMatchObject({ startSeconds: 10, startCpuSeconds: 5, seconds: 60, cpuSeconds: 6 })
})

test('moments between two samples are interpolated', () => {
  const samples = [sample(0, 0, 0), sample(1, 500, 3), sample(3, 1000, 4)]
  const figures = steadyState(samples, 1000)
  // 10 % at 0.2 s with 0.6 s of CPU; 95 % at 2.8 s with 3.9 s.
  expect(figures.recordsPerSecond).toBeCloseTo(850 / 2.6)
  expect(figures.cpuMicrosPerRecord).toBeCloseTo((3.3 / 850) * 1e6)
  expect(figures.brokerCpuMicrosPerRecord).toBeCloseTo((2.6 / 850) * 1e6)
})

test('the peak of memory counts wherever it was', () => {
  const samples = [sample(0, 0, 0, 900), sample(1, 500, 1, 100), sample(2, 1000, 2, 200)]
  expect(steadyState(samples, 1000).peakRssBytes).toBe(900)
})

test('a run that copied nothing has no figures', () => {
  expect(() => steadyState([sample(0, 0, 0), sample(5, 0, 1)], 1000)).toThrow('nothing was copied')
  expect(() => steadyState([], 1000)).toThrow('nothing was copied')
})

test('waiting for nothing after the last growth is no part of the run', () => {
  const grown = [sample(0, 0, 0), sample(1, 500, 1), sample(2, 1000, 2)]
  expect(untilComplete([...grown, sample(3, 1000, 9), sample(4, 1000, 9)])).toEqual(grown)
  expect(untilComplete(grown)).toEqual(grown)
})
