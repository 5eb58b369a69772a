import { expect, test } from 'vitest'
import { checkBars } from '../../benchmarks/mirror/check-bars.ts'
import type { Measurement, MirrorDetails, PairedRatio } from '../../benchmarks/mirror/mirror-details.ts'

interface Run {
  readonly speed?: number
  readonly cpu?: number
  readonly megabytes?: number
  readonly runs?: number
}

function measured(peer: string, { speed = 1, cpu = 1, megabytes = 100, runs = 3 }: Run, shape = '100B'): Measurement {
  const rest = { brokerCpuMicrosPerRecord: 1, startSeconds: 1, startCpuSeconds: 1, seconds: 1, cpuSeconds: 1 }
  const figures = { ...rest, recordsPerSecond: speed, cpuMicrosPerRecord: cpu, peakRssBytes: megabytes * 1e6 }
  return { peer, shape, runs: Array.from({ length: runs }, () => figures) }
}

function bars(measurements: readonly Measurement[], paired: readonly PairedRatio[] = []) {
  const shapes = [...new Set(measurements.map(({ shape }) => shape))].map((name) => ({ name }))
  return checkBars({ shapes, measurements, paired } as unknown as MirrorDetails)
}

function verdicts(measurements: readonly Measurement[], paired: readonly PairedRatio[] = []) {
  return bars(measurements, paired).map(({ measured: figure, met }) => [figure, met])
}

test('against the best of MirrorMaker’s settings, which may be another one for speed than for CPU', () => {
  const theirs = [measured('mm2-stock', { speed: 100, cpu: 4 }), measured('mm2-tuned', { speed: 200, cpu: 5 })]
  const found = bars([measured('millrace', { speed: 500, cpu: 1 }), ...theirs])
  expect(found.map(({ what, measured: figure, met }) => [what, figure, met])).toEqual([
    ['100B: records/s, millrace ÷ best MirrorMaker 2 (mm2-tuned)', '2.50', true],
    ['100B: CPU per record, best MirrorMaker 2 (mm2-stock) ÷ millrace', '4.00', true],
    ['peak memory of all processes of millrace (worst at 100B)', '100 MB', true]
  ])
})

test.each([
  ['100B', 2.5, 3.5],
  ['1kB', 1.4, 2],
  ['1kB-lz4', 1.3, 2],
  ['10kB', 1.3, 2]
])('missed by little is missed, at %s', (shape, speed, cpu) => {
  const theirs = measured('mm2-tuned', { speed: 100, cpu: 10 }, shape)
  const enough = measured('millrace', { speed: 100 * speed, cpu: 10 / cpu, megabytes: 400 }, shape)
  expect(bars([enough, theirs]).map(({ met }) => met)).toEqual([true, true, true])
  const short = measured('millrace', { speed: 99 * speed, cpu: 10.1 / cpu, megabytes: 400.1 }, shape)
  expect(bars([short, theirs]).map(({ met }) => met)).toEqual([false, false, false])
})

test('a fifth more than the C loop, on every shape', () => {
  const control = [measured('c-loop', { cpu: 10 }), measured('c-loop', { cpu: 10 }, '100kB')]
  const ours = [measured('millrace', { cpu: 12 }), measured('millrace', { cpu: 12.1, megabytes: 401 }, '100kB')]
  expect(verdicts([...ours, ...control])).toEqual([
    ['1.20', true],
    ['1.21', false],
    ['401 MB', false]
  ])
})

test('few runs are called what they are', () => {
  expect(verdicts([measured('millrace', { runs: 1 }), measured('c-loop', { runs: 3 })])[0]).toEqual([
    '1.00 (one run)',
    true
  ])
  expect(verdicts([measured('millrace', { runs: 3 }), measured('c-loop', { runs: 2 })])[0]).toEqual([
    '1.00 (2 runs)',
    true
  ])
})

test('pairs are believed rather than medians, and all of their interval has to be within', () => {
  const pairs = { shape: '100B', peer: 'millrace', control: 'c-loop', ratios: [1], confidence: 0.95 }
  const medians = [measured('millrace', {}), measured('c-loop', {})]
  const within = { ...pairs, median: 1.1, low: 1.05, high: 1.2 }
  expect(verdicts(medians, [within])[0]).toEqual(['1.10 (1.05 – 1.20, 1 pairs)', true])
  expect(verdicts(medians, [{ ...within, high: 1.21 }])[0]).toEqual(['1.10 (1.05 – 1.21, 1 pairs)', false])
  // Of others than ours and the control.
  expect(verdicts(medians, [{ ...within, peer: 'kcat', high: 9 }])[0]).toEqual(['1.00', true])
})

test('what was not measured is not judged', () => {
  expect(verdicts([measured('c-loop', {})])).toEqual([])
  expect(verdicts([measured('mm2-tuned', {}), measured('millrace', { runs: 0 })])).toEqual([])
  expect(verdicts([measured('millrace', {})])).toEqual([['100 MB', true]])
})
