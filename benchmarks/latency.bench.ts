import { medianOf, pacedRuns, type PacedCase, type PacedMeasurement, type PacedResults } from './harness/paced-runs.ts'
import { pacedColumns, pacedRow } from './harness/paced-table.ts'
import { PARTITIONS } from './harness/shapes.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Bar, Measured, Ratio } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { withClusters } from './harness/with-clusters.ts'
import { chooseLastingPeers } from './peers/lasting-peers.ts'

const RATES = [1_000, 50_000]
const RECORD_BYTES = 100
const SECONDS = 20
const QUICK_SECONDS = 5
const WARM_UP_SECONDS = 20
const OURS = 'millrace'
/** At the lowest rate. */
const MOST_P99_MS = 50

export const latency: Suite = {
  name: 'latency',
  description: 'how long a record is on its way at an even pace, from its source timestamp to its append at the target',
  defaultSize: '1,000 and 50,000 records/s for 20 s each, every mirror once: about eight minutes',
  options: ['quick', 'seconds', 'peers', 'runs', 'directory'],
  run: runLatency
}

async function runLatency({ quick, seconds, peers, runs, directory, log }: SuiteOptions): Promise<Measured> {
  const chosen = chooseLastingPeers(peers)
  const duration = seconds ?? (quick ? QUICK_SECONDS : SECONDS)
  const cases = RATES.map((recordsPerSecond) => ({
    name: `${recordsPerSecond.toLocaleString('en')}/s`,
    topics: 1,
    partitions: PARTITIONS,
    pace: { recordsPerSecond, seconds: duration, bytes: RECORD_BYTES }
  }))
  const results = await withClusters(directory, async (clusters) =>
    pacedRuns(clusters, { cases, peers: chosen, runs, warmUpSeconds: WARM_UP_SECONDS, log })
  )
  const { measurements, notRun, failures } = results
  return {
    note: note(duration),
    sections: [
      {
        title: 'From source timestamp to target append',
        columns: pacedColumns('pace'),
        rows: measurements.map(pacedRow),
        plots: [
          {
            kind: 'bars',
            name: 'p99',
            title: '99 of 100 records arrive within',
            unit: 'ms',
            groups: cases.map((paced) => ({ name: paced.name, bars: p99Bars(measurements, paced) }))
          }
        ]
      }
    ],
    bars: bars(results, cases[0]),
    ratios: cases.flatMap((paced) => ratios(measurements, paced)),
    notRun,
    failures,
    details: {
      settings: Object.fromEntries(chosen.map((peer) => [peer.name, peer.settings()])),
      measurements
    }
  }
}

function note(seconds: number): string {
  return `A producer with linger 0 writes ${RECORD_BYTES} B records at an even pace to a topic of ${PARTITIONS} partitions, each with the time of its
writing in microseconds in its value; the target's topic has \`message.timestamp.type=LogAppendTime\`. One machine, one clock. The broker's
clock has milliseconds and cuts off the rest, so a latency is shown up to 1 ms too long, never too short. Measured for ${seconds - 1} s after
${WARM_UP_SECONDS} s at the same pace, after runs that did not count and warmed up the brokers. Every record arrived, once. The path begins with the writer's own way into the source cluster. "Writer late" is how
far the latest record was behind an even pace: the machine's share of the tail.`
}

function p99Of(measurements: readonly PacedMeasurement[], paced: PacedCase, peer: string): number | undefined {
  const found = measurements.find((measurement) => measurement.case === paced && measurement.peer === peer)
  return medianOf(found, ({ latencyMs }) => latencyMs.p99)
}

function p99Bars(measurements: readonly PacedMeasurement[], paced: PacedCase) {
  return measurements.flatMap((measurement) => {
    const value = measurement.case === paced ? p99Of(measurements, paced, measurement.peer) : undefined
    return value === undefined ? [] : [{ series: measurement.peer, value }]
  })
}

function bars({ measurements }: PacedResults, lowest: PacedCase | undefined): readonly Bar[] {
  const ours = lowest && p99Of(measurements, lowest, OURS)
  if (lowest === undefined || ours === undefined) return []
  const measured = `${ours.toFixed(1)} ms`
  const absolute = {
    what: `p99 at ${lowest.name}`,
    measured,
    wanted: `< ${MOST_P99_MS} ms`,
    met: ours < MOST_P99_MS
  }
  const others = p99Bars(measurements, lowest).filter(({ series }) => series !== OURS)
  const relative = others.map(({ series, value }) => ({
    what: `p99 at ${lowest.name}, next to ${series}`,
    measured,
    wanted: `< ${value.toFixed(1)} ms`,
    met: ours < value
  }))
  return [absolute, ...relative]
}

/** Run by run, next to each other. */
function ratios(measurements: readonly PacedMeasurement[], paced: PacedCase): readonly Ratio[] {
  const of = measurements.filter((measurement) => measurement.case === paced)
  const ours = of.find(({ peer }) => peer === OURS)
  if (ours === undefined) return []
  return of
    .filter(({ peer, runs }) => peer !== OURS && runs.length > 0)
    .map(({ peer, runs }) => ({
      what: `${paced.name}: p99 of ${OURS} ÷ ${peer}`,
      control: peer,
      better: 'lower',
      samples: ours.runs.flatMap((run, index) => {
        const other = runs[index]
        return other === undefined ? [] : [run.latencyMs.p99 / other.latencyMs.p99]
      })
    }))
}
