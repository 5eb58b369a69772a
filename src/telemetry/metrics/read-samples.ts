import type { CounterName } from '../event-counters.ts'
import type { JobReading, PartitionReading } from './job-reading.ts'
import type { SeriesBudget } from './series-budget.ts'
import type { EventLoopDelay } from './worker-metrics.ts'

type Labels = Readonly<Record<string, string | number>>

/** One series of an instrument at this moment. */
export interface Sample {
  readonly labels: Labels
  readonly value: number
}

export type ReadSamples = (reading: JobReading, budget: SeriesBudget) => readonly Sample[]

/** The sum of each series over its partitions; a series of which nothing is known is left out. */
export function byPartition(value: (partition: PartitionReading) => number | undefined): ReadSamples {
  return ({ partitions }, budget) =>
    budget.group(partitions).flatMap(({ labels, partitions: some }) => {
      const known = some.map(value).filter((one) => one !== undefined)
      return known.length === 0 ? [] : [{ labels: { ...labels }, value: known.reduce((sum, one) => sum + one, 0) }]
    })
}

export function byWorker(value: (worker: JobReading['workers'][number]) => number): ReadSamples {
  return ({ workers }) => workers.map((worker) => ({ labels: { worker: worker.index }, value: value(worker) }))
}

export function byBroker(value: (broker: JobReading['brokers'][number]) => number): ReadSamples {
  return ({ brokers }) => brokers.map((broker) => ({ labels: brokerLabels(broker), value: value(broker) }))
}

export function byEvent(name: CounterName): ReadSamples {
  return ({ events }) => events(name)
}

export function brokerLabels({ cluster, broker }: { readonly cluster: string; readonly broker: number }): Labels {
  return { cluster, broker }
}

export function entries(values: Readonly<Record<string, number>>, label: string): readonly Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }))
}

export function statistics(labels: Labels, values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([statistic, value]) => ({ labels: { ...labels, statistic }, value }))
}

export function delays(process: string, delay: EventLoopDelay | undefined): readonly Sample[] {
  return delay === undefined ? [] : statistics({ process }, { p50: delay.p50, p99: delay.p99, max: delay.max })
}

export function counted(all: readonly string[], states: readonly string[]): readonly Sample[] {
  return all.map((state) => ({ labels: { state }, value: states.filter((one) => one === state).length }))
}
