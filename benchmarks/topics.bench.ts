import type { PacedCopy } from './harness/paced-copy.ts'
import { medianOf, pacedRuns, type PacedMeasurement } from './harness/paced-runs.ts'
import { pacedColumns, pacedRow } from './harness/paced-table.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Measured, Ratio } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { withClusters } from './harness/with-clusters.ts'
import { chooseLastingPeers } from './peers/lasting-peers.ts'

const TOPICS = 500
const RECORDS_PER_SECOND = 1_000
const RECORD_BYTES = 100
const SECONDS = 30
const QUICK_SECONDS = 6
const WARM_UP_SECONDS = 10
const OURS = 'millrace'

export const topics: Suite = {
  name: 'topics',
  description: 'what many topics with a trickle each cost, next to one topic with all of it',
  defaultSize: '500 topics with 2 records/s each and one with 1,000, for 30 s, every mirror once: about six minutes',
  options: ['quick', 'seconds', 'peers', 'runs', 'directory'],
  run: runTopics
}

async function runTopics({ quick, seconds, peers, runs, directory, log }: SuiteOptions): Promise<Measured> {
  const chosen = chooseLastingPeers(peers)
  const duration = seconds ?? (quick ? QUICK_SECONDS : SECONDS)
  const pace = { recordsPerSecond: RECORDS_PER_SECOND, seconds: duration, bytes: RECORD_BYTES }
  const cases = [
    { name: '1 topic', topics: 1, partitions: 1, pace },
    { name: `${TOPICS} topics`, topics: TOPICS, partitions: 1, pace }
  ]
  const { measurements, notRun, failures } = await withClusters(directory, async (clusters) =>
    pacedRuns(clusters, { cases, peers: chosen, runs, warmUpSeconds: WARM_UP_SECONDS, log })
  )
  return {
    note: `The same ${RECORDS_PER_SECOND.toLocaleString('en')} records of ${RECORD_BYTES} B per second, once into one topic and once in turns into ${TOPICS}, of one partition each.
Latency is measured as in the suite \`latency\`; CPU and peak memory are those of all processes of the mirror. Every record arrived, once.`,
    sections: [
      {
        title: 'One topic and many',
        columns: pacedColumns('topics'),
        rows: measurements.map(pacedRow)
      }
    ],
    bars: [],
    ratios: ratios(measurements, cases[1]?.name ?? ''),
    notRun,
    failures,
    details: {
      settings: Object.fromEntries(chosen.map((peer) => [peer.name, peer.settings()])),
      measurements,
      manyThroughOne: Object.fromEntries(chosen.map(({ name }) => [name, manyThroughOne(measurements, name)]))
    }
  }
}

/** How many times the CPU of one topic the same records take in many. */
function manyThroughOne(measurements: readonly PacedMeasurement[], peer: string): number | undefined {
  const [one, many] = measurements
    .filter((measurement) => measurement.peer === peer)
    .map((measurement) => medianOf(measurement, cpu))
  return one === undefined || many === undefined ? undefined : many / one
}

function ratios(measurements: readonly PacedMeasurement[], many: string): readonly Ratio[] {
  const of = measurements.filter((measurement) => measurement.case.name === many)
  const ours = of.find(({ peer }) => peer === OURS)
  if (ours === undefined) return []
  return of
    .filter(({ peer, runs }) => peer !== OURS && runs.length > 0)
    .map(({ peer, runs }) => ({
      what: `${many}: CPU of ${OURS} ÷ ${peer}`,
      control: peer,
      better: 'lower',
      samples: ours.runs.flatMap((run, index) => {
        const other = runs[index]
        return other === undefined ? [] : [cpu(run) / cpu(other)]
      })
    }))
}

function cpu({ cpuSecondsPerSecond }: PacedCopy): number {
  return cpuSecondsPerSecond
}
