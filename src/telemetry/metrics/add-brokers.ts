import type { BrokerStatistics } from './broker-statistics.ts'

/** Sums add up; of round trips and throttling the worst is kept. */
export function addBrokers(
  a: readonly BrokerStatistics[],
  b: readonly BrokerStatistics[]
): readonly BrokerStatistics[] {
  const byName = new Map<string, BrokerStatistics>()
  for (const of of [...a, ...b]) {
    const name = `${of.cluster}-${of.broker}`
    const known = byName.get(name)
    byName.set(name, known === undefined ? of : worseOf(known, of))
  }
  return [...byName.values()]
}

function worseOf(a: BrokerStatistics, b: BrokerStatistics): BrokerStatistics {
  const roundTrips = [a.roundTrip, b.roundTrip].filter((trip) => trip !== undefined)
  return {
    cluster: a.cluster,
    broker: a.broker,
    ...(roundTrips.length > 0 && {
      roundTrip: {
        average: Math.max(...roundTrips.map(({ average }) => average)),
        p99: Math.max(...roundTrips.map(({ p99 }) => p99))
      }
    }),
    throttle: {
      average: Math.max(a.throttle.average, b.throttle.average),
      max: Math.max(a.throttle.max, b.throttle.max)
    },
    retries: a.retries + b.retries,
    connects: a.connects + b.connects,
    disconnects: a.disconnects + b.disconnects
  }
}
