import { expect, test } from 'vitest'
import { checkBars } from '../../benchmarks/mirror/check-bars.ts'
import type { Measurement, MirrorDetails, PairedRatio } from '../../benchmarks/mirror/mirror-details.ts'

function measured(peer: string, cpuMicrosPerRecord: number, peakRssBytes: number, shape = '100B'): Measurement {
  const rest = { recordsPerSecond: 1, brokerCpuMicrosPerRecord: 1, startSeconds: 1, startCpuSeconds: 1 }
  return { peer, shape, runs: [{ ...rest, cpuMicrosPerRecord, peakRssBytes, seconds: 1, cpuSeconds: 1 }] }
}

function verdicts(
  measurements: readonly Measurement[],
  paired: readonly PairedRatio[] = []
): readonly (readonly [string, boolean])[] {
  return checkBars({ measurements, paired } as unknown as MirrorDetails).map(({ measured: figure, met }) => [
    figure,
    met
  ])
}

test('ratios and memory within the bar', () => {
  const control = [measured('c-loop', 0.8, 1e8), measured('node-rdkafka', 7, 9e8)]
  expect(verdicts([measured('millrace', 1, 4e8), ...control])).toEqual([
    ['7.00', true],
    ['1.25', true],
    ['400 MB', true]
  ])
})

test('missed by little is missed', () => {
  const control = [measured('c-loop', 0.8, 1e8), measured('node-rdkafka', 5.9, 9e8)]
  const ours = [measured('millrace', 1.05, 4e8), measured('millrace', 3, 5e8, '10kB')]
  expect(verdicts([...ours, ...control])).toEqual([
    ['5.62', false],
    ['1.31', false],
    ['500 MB', false]
  ])
})

test('what was not measured is not judged', () => {
  expect(verdicts([measured('c-loop', 0.8, 1e8)])).toEqual([])
  expect(verdicts([measured('millrace', 1, 4e8, '1kB'), measured('c-loop', 0.8, 1e8)])).toEqual([['400 MB', true]])
})

test('pairs are believed rather than medians of each by itself', () => {
  const pairs = { shape: '100B', peer: 'millrace', control: 'c-loop', ratios: [1.4], median: 1.4, low: 1.4, high: 1.4 }
  const medians = [measured('millrace', 1, 4e8), measured('c-loop', 1, 1e8)]
  expect(verdicts(medians, [{ ...pairs, confidence: 0.95 }])).toEqual([
    ['1.40', false],
    ['400 MB', true]
  ])
})
