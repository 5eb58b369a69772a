/** What a client says of one broker, in seconds. Sums only grow, over clients that were made anew, too. */
export interface BrokerStatistics {
  readonly cluster: 'source' | 'target'
  readonly broker: number
  /** Round trips of the last statistics interval; absent while there were none. */
  readonly roundTrip?: { readonly average: number; readonly p99: number }
  /** How long the broker asked to wait because of a quota, in the last statistics interval. */
  readonly throttle: { readonly average: number; readonly max: number }
  readonly retries: number
  readonly connects: number
  readonly disconnects: number
}

export type BrokerReading = Omit<BrokerStatistics, 'cluster'>

/** More brokers than this are not told of. */
const MOST_BROKERS = 64

/**
 * What is worth knowing in librdkafka's statistics document (its STATISTICS.md): brokers with a number, by which
 * bootstrap addresses and the double entries of coordinators are left out. Fields that are missing count as 0; a
 * document that is none has no brokers.
 */
export function parseBrokerStatistics(json: string): readonly BrokerReading[] {
  const brokers = partOf(parse(json), 'brokers')
  const readings: BrokerReading[] = []
  for (const of of Object.values(brokers)) {
    if (!isRecord(of)) continue
    const broker = numberOf(of, 'nodeid', -1)
    if (broker < 0 || of['source'] === 'logical' || of['source'] === 'internal') continue
    if (readings.length === MOST_BROKERS) break
    const [rtt, throttle] = [partOf(of, 'rtt'), partOf(of, 'throttle')]
    readings.push({
      broker,
      ...(numberOf(rtt, 'cnt', 0) > 0 && {
        roundTrip: { average: numberOf(rtt, 'avg', 0) / 1e6, p99: numberOf(rtt, 'p99', 0) / 1e6 }
      }),
      throttle: { average: numberOf(throttle, 'avg', 0) / 1000, max: numberOf(throttle, 'max', 0) / 1000 },
      retries: numberOf(of, 'txretries', 0),
      connects: numberOf(of, 'connects', 0),
      disconnects: numberOf(of, 'disconnects', 0)
    })
  }
  return readings
}

const SUMS = ['retries', 'connects', 'disconnects'] as const

interface Known {
  readonly counted: BrokerReading
  /** Of clients that are gone. */
  readonly before: Readonly<Record<(typeof SUMS)[number], number>>
}

/**
 * The newest statistics of one cluster's brokers.
 *
 * Invariant: sums only grow. A client that was made anew counts from 0, which is noticed by a sum that has become less.
 */
export class BrokerMeter {
  readonly #cluster: 'source' | 'target'
  readonly #known = new Map<number, Known>()

  constructor(cluster: 'source' | 'target') {
    this.#cluster = cluster
  }

  /** Takes a statistics document in; nothing of the text is kept. */
  take(json: string): void {
    for (const reading of parseBrokerStatistics(json)) {
      const known = this.#known.get(reading.broker)
      const anew = known !== undefined && SUMS.some((name) => reading[name] < known.counted[name])
      const before = anew ? this.#sumsOf(known) : (known?.before ?? { retries: 0, connects: 0, disconnects: 0 })
      this.#known.set(reading.broker, { counted: reading, before })
    }
  }

  read(): readonly BrokerStatistics[] {
    return [...this.#known.values()].map((known) => ({
      cluster: this.#cluster,
      ...known.counted,
      ...this.#sumsOf(known)
    }))
  }

  #sumsOf({ counted, before }: Known): Known['before'] {
    return {
      retries: before.retries + counted.retries,
      connects: before.connects + counted.connects,
      disconnects: before.disconnects + counted.disconnects
    }
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Metrics never stop a copy: what can't be read is not told.
    return undefined
  }
}

function partOf(of: unknown, name: string): Readonly<Record<string, unknown>> {
  const part = isRecord(of) ? of[name] : undefined
  return isRecord(part) ? part : {}
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function numberOf(of: Readonly<Record<string, unknown>>, name: string, otherwise: number): number {
  const value = of[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise
}
