import { STEADY_FROM, STEADY_TO } from '../harness/steady-state.ts'
import type { Measured, Ratio, Section } from '../harness/suite-results.ts'
import { checkBars } from './check-bars.ts'
import type { Measurement, MirrorDetails } from './mirror-details.ts'
import { settingsLists } from './settings-lists.ts'
import { summaryPlots } from './summary-plots.ts'
import { SUMMARY_COLUMNS, summaryRows } from './summary.ts'

const OURS = 'millrace'
const CONTROL = 'c-loop'

/** What is shown, held to the bar and compared, from what was measured. */
export function mirrorResults(details: MirrorDetails): Measured {
  return {
    note: note(details),
    settings: settingsLists(details),
    sections: sections(details),
    bars: checkBars(details),
    ratios: ratios(details),
    notRun: details.peers.flatMap(({ name, missing }) => (missing === undefined ? [] : [{ name, why: missing }])),
    failures: details.measurements.flatMap(({ shape, peer, failure }) =>
      failure === undefined ? [] : [`${shape} ${peer}: ${failure}`]
    ),
    details
  }
}

function note({ partitions, checked, peers }: MirrorDetails): string {
  const ran = peers.filter(({ missing }) => missing === undefined)
  return `Each mirror copies a whole loaded topic of ${partitions} partitions into a fresh one, acks=all and idempotent. Figures are medians, from ${STEADY_FROM * 100} % to
${STEADY_TO * 100} % of the copy; CPU is user and system time of all processes of the mirror, peak memory the sum of their resident memory. After each run
the counts of all partitions were compared, and ${checked === 'every record' ? 'every record' : 'the last records of each'}.

${ran.map(({ name, title }) => `- \`${name}\`: ${title}`).join('\n')}`
}

function sections(details: MirrorDetails): readonly Section[] {
  const shapes: Section = {
    title: 'Shapes',
    columns: [
      { title: 'shape' },
      { title: 'codec' },
      { title: 'payload' },
      { title: 'records', figure: true },
      { title: 'bytes', figure: true }
    ],
    rows: details.shapes.map(({ name, codec, payload, records, bytes }) => [
      name,
      codec,
      payload,
      records.toLocaleString('en'),
      bytes.toLocaleString('en')
    ])
  }
  const copies = {
    title: 'Copies',
    columns: SUMMARY_COLUMNS,
    rows: summaryRows(details),
    plots: details.paired.length > 0 ? [] : summaryPlots(details)
  }
  return [
    shapes,
    copies,
    ...(details.paired.length === 0 ? [] : [pairs(details)]),
    ...(details.sweeps.length === 0 ? [] : [sweeps(details)])
  ]
}

function sweeps({ sweeps: all }: MirrorDetails): Section {
  return {
    title: 'Settings that were looked for',
    note: 'Before the runs, to let the competitor compete with its best.',
    columns: [
      { title: 'shape' },
      { title: 'mirror' },
      { title: 'setting' },
      { title: 'records/s', figure: true },
      { title: 'CPU µs/record', figure: true },
      { title: '' }
    ],
    rows: all.flatMap(({ shape, peer, setting, tries, best, usedOn }) =>
      tries.map(({ value, figures }) => [
        shape,
        peer,
        `${setting}=${value}`,
        Math.round(figures.recordsPerSecond).toLocaleString('en'),
        figures.cpuMicrosPerRecord.toFixed(2),
        value === best ? `used on ${usedOn.join(', ')}` : ''
      ])
    )
  }
}

function pairs({ paired }: MirrorDetails): Section {
  return {
    title: 'Ratios of pairs',
    columns: [
      { title: 'shape' },
      { title: 'CPU per record' },
      { title: 'median', figure: true },
      { title: 'interval', figure: true },
      { title: 'confidence', figure: true },
      { title: 'pairs', figure: true }
    ],
    rows: paired.map(({ shape, peer, control, median, low, high, confidence, ratios: all }) => [
      shape,
      `${peer} ÷ ${control}`,
      median.toFixed(3),
      `${low.toFixed(3)} – ${high.toFixed(3)}`,
      `${(confidence * 100).toFixed(1)} %`,
      String(all.length)
    ])
  }
}

/** Ours to the C loop, run by run: those of one turn ran next to each other. */
function ratios({ measurements, paired, shapes }: MirrorDetails): readonly Ratio[] {
  const pairedRatios = paired.map(({ shape, peer, control, ratios: samples }): Ratio => ({
    what: `${shape}: CPU per record of ${peer}`,
    control,
    better: 'lower',
    samples
  }))
  if (pairedRatios.length > 0) return pairedRatios
  return shapes.flatMap(({ name: shape }) => {
    const ours = runsOf(measurements, shape, OURS)
    const theirs = runsOf(measurements, shape, CONTROL)
    const both = ours.flatMap((run, index) => {
      const control = theirs[index]
      return control === undefined ? [] : [{ run, control }]
    })
    if (both.length === 0) return []
    const cpu: Ratio = {
      what: `${shape}: CPU per record of ${OURS}`,
      control: CONTROL,
      size: sizeOf(shapes, shape),
      better: 'lower',
      samples: both.map(({ run, control }) => run.cpuMicrosPerRecord / control.cpuMicrosPerRecord)
    }
    const speed: Ratio = {
      what: `${shape}: records/s of ${OURS}`,
      control: CONTROL,
      size: sizeOf(shapes, shape),
      better: 'higher',
      samples: both.map(({ run, control }) => run.recordsPerSecond / control.recordsPerSecond)
    }
    return [cpu, speed]
  })
}

function runsOf(measurements: readonly Measurement[], shape: string, peer: string): Measurement['runs'] {
  return measurements.find((measurement) => measurement.shape === shape && measurement.peer === peer)?.runs ?? []
}

function sizeOf(shapes: MirrorDetails['shapes'], name: string): string {
  return `${shapes.find((shape) => shape.name === name)?.records.toLocaleString('en') ?? 'no'} records`
}
