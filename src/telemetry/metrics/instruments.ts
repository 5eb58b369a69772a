import { SIDES } from './limit-clock.ts'
import {
  brokerLabels,
  byBroker,
  byEvent,
  byPartition,
  byWorker,
  counted,
  delays,
  entries,
  statistics,
  type ReadSamples
} from './read-samples.ts'

export interface Instrument {
  /** Ends in the unit where there is one: the Prometheus exporter adds none. */
  readonly name: string
  readonly kind: 'counter' | 'gauge'
  /** Beside `millrace_job`, which every series has. */
  readonly labels: readonly string[]
  readonly doc: string
  readonly read: ReadSamples
}

/** Every state that a partition can be in, and a job: all are told, so that no series keeps an old 1. */
const PARTITION_STATES = ['copying', 'completed', 'stopped', 'deleted', 'revoked']
const JOB_STATES = ['STARTING', 'RUNNING', 'PAUSED', 'STOPPING', 'COMPLETED', 'STOPPED', 'FAILED', 'AUTH_FAILED']

const PARTITION_LABELS = ['topic', 'partition']
const BROKER_LABELS = ['cluster', 'broker']

/** What is exposed, histograms aside (see histogram-readings.ts). docs/metrics.md is made from this table. */
export const INSTRUMENTS: readonly Instrument[] = [
  counter(
    'millrace.records.read',
    PARTITION_LABELS,
    byPartition(({ readRecords }) => readRecords),
    'Records read from the source; what is read again after a failure counts again.'
  ),
  counter(
    'millrace.records.delivered',
    PARTITION_LABELS,
    byPartition(({ deliveredRecords }) => deliveredRecords),
    'Records that the target has acknowledged.'
  ),
  counter(
    'millrace.records.altered',
    PARTITION_LABELS,
    byPartition(({ altered }) => altered),
    'Delivered records whose timestamp could not be kept: 0 becomes the time of sending.'
  ),
  counter(
    'millrace.records.dead_lettered',
    PARTITION_LABELS,
    byPartition(({ deadLettered }) => deadLettered),
    'Records that the target refused and that became dead letters.'
  ),
  counter(
    'millrace.records.skipped',
    PARTITION_LABELS,
    byPartition(({ skipped }) => skipped),
    'Records that the target refused and that were skipped, as onBadRecord says.'
  ),
  counter(
    'millrace.bytes.read',
    PARTITION_LABELS,
    byPartition(({ readBytes }) => readBytes),
    'Keys and values read from the source, uncompressed.'
  ),
  counter(
    'millrace.bytes.delivered',
    PARTITION_LABELS,
    byPartition(({ deliveredBytes }) => deliveredBytes),
    'Keys and values that the target has acknowledged, uncompressed.'
  ),
  counter(
    'millrace.records.undelivered',
    ['code'],
    ({ counts }) => entries(counts.undelivered, 'code'),
    'Records that a batch failed to deliver, by name of the librdkafka error. Most are sent again; a record that the target refuses stops its partition.'
  ),
  gauge(
    'millrace.lag.records',
    PARTITION_LABELS,
    byPartition(({ lag }) => lag),
    'Offsets between what is delivered and the end of the source, looked up every 3 s. Holes in the log count.'
  ),
  gauge(
    'millrace.lag.change.records_per_second',
    PARTITION_LABELS,
    byPartition(({ lagChange }) => lagChange),
    'How fast the lag grew in the last half minute; below 0 the copy catches up.'
  ),
  gauge(
    'millrace.in_flight.bytes',
    ['worker'],
    byWorker(({ inFlightBytes }) => inFlightBytes),
    'Records read and not yet delivered, 512 B a record added for overhead.'
  ),
  gauge(
    'millrace.in_flight.limit.bytes',
    ['worker'],
    byWorker(({ inFlightLimit }) => inFlightLimit),
    'Where reading stops until something is delivered; a part of limits.memory.'
  ),
  counter(
    'millrace.limited.seconds',
    ['side'],
    ({ counts }) => SIDES.map((side) => ({ labels: { side }, value: counts.limited[side] })),
    'Time by what it was spent on, all workers together: waiting for the source, waiting for the target, working (mirror), held back by limits.rate (rate), or nothing to do (idle).'
  ),
  counter(
    'millrace.commits',
    ['result'],
    ({ counts: { commits } }) => entries({ succeeded: commits.succeeded, failed: commits.failed }, 'result'),
    'Commits of progress to the source group. A failed one is tried again with the next.'
  ),
  gauge(
    'millrace.checkpoint.age.seconds',
    ['worker'],
    byWorker(({ checkpointAge }) => checkpointAge),
    'Since the last commit that succeeded, while something delivered is not committed; else 0. After a crash that much is copied again.'
  ),
  counter(
    'millrace.clock.skewed_batches',
    [],
    ({ counts }) => [{ labels: {}, value: counts.clockSkew }],
    "Batches whose first record was stamped later than it was delivered: the producers' clocks are ahead."
  ),
  counter(
    'millrace.errors',
    ['code', 'cluster'],
    byEvent('errors'),
    'Errors by code of docs/errors.md or name of librdkafka, those included that were overcome.'
  ),
  counter(
    'millrace.warnings',
    ['code', 'cluster'],
    byEvent('warnings'),
    'What plan, discovery or start found that somebody should look at.'
  ),
  counter(
    'millrace.rebalances',
    ['type'],
    byEvent('rebalances'),
    'Times that a worker was given partitions (assigned) or gave some back (revoked).'
  ),
  counter(
    'millrace.partitions.stopped',
    ['code'],
    byEvent('partitions_stopped'),
    'Partitions that stopped by themselves, by code.'
  ),
  counter(
    'millrace.losses',
    ['code', 'outcome'],
    byEvent('losses'),
    'Losses of partitions that were noticed, by code and by whether they stopped the partition or were accepted.'
  ),
  counter(
    'millrace.lost.offsets',
    ['code'],
    byEvent('lost_offsets'),
    'Source offsets that were lost before they were copied, as far as it is known how many; holes count too.'
  ),
  counter(
    'millrace.producers.remade',
    [],
    byEvent('producers_remade'),
    'Producers that were made anew after an error.'
  ),
  counter(
    'millrace.topics.changed',
    ['change'],
    byEvent('topics'),
    'Target topics that were created or have grown, and source topics that were found while the job ran.'
  ),
  counter(
    'millrace.worker.restarts',
    [],
    ({ restarts }) => [{ labels: {}, value: restarts }],
    'Workers that ended by themselves and were started again.'
  ),
  counter(
    'millrace.retries',
    BROKER_LABELS,
    byBroker(({ retries }) => retries),
    'Requests that librdkafka sent again to a broker.'
  ),
  counter(
    'millrace.broker.connects',
    BROKER_LABELS,
    byBroker(({ connects }) => connects),
    'Connections that were opened to a broker, failed attempts included.'
  ),
  counter(
    'millrace.broker.disconnects',
    BROKER_LABELS,
    byBroker(({ disconnects }) => disconnects),
    'Connections to a broker that were closed by it, the network or a time-out.'
  ),
  gauge(
    'millrace.broker.rtt.seconds',
    [...BROKER_LABELS, 'statistic'],
    ({ brokers }) =>
      brokers.flatMap(({ roundTrip, ...of }) =>
        roundTrip === undefined ? [] : statistics(brokerLabels(of), { average: roundTrip.average, p99: roundTrip.p99 })
      ),
    'Round trips of requests in the last 5 s, of the worker for which they took longest. A fetch that waits for records is one, too.'
  ),
  gauge(
    'millrace.broker.throttle.seconds',
    [...BROKER_LABELS, 'statistic'],
    ({ brokers }) =>
      brokers.flatMap(({ throttle, ...of }) =>
        statistics(brokerLabels(of), { average: throttle.average, max: throttle.max })
      ),
    'How long a broker asked to wait because of a quota, in the last 5 s.'
  ),
  gauge(
    'millrace.event_loop.delay.seconds',
    ['process', 'statistic'],
    ({ workers, supervisor }) => [
      ...delays('supervisor', supervisor.eventLoopDelay),
      ...workers.flatMap(({ index, eventLoopDelay }) => delays(`worker-${index}`, eventLoopDelay))
    ],
    'How late JavaScript comes to what it has to do, in the last whole 10 s.'
  ),
  gauge(
    'millrace.memory.bytes',
    ['process'],
    ({ workers, supervisor }) => [
      { labels: { process: 'supervisor' }, value: supervisor.rssBytes },
      ...workers.map(({ index, rssBytes }) => ({ labels: { process: `worker-${index}` }, value: rssBytes }))
    ],
    'Resident memory of each process.'
  ),
  gauge('millrace.memory.limit.bytes', [], ({ memoryLimit }) => [{ labels: {}, value: memoryLimit }], 'limits.memory.'),
  gauge(
    'millrace.partitions',
    ['state'],
    ({ partitions }) =>
      counted(
        PARTITION_STATES,
        partitions.map(({ state }) => state)
      ),
    'Source partitions by state.'
  ),
  gauge(
    'millrace.partitions.stuck',
    ['reason'],
    ({ stuck }) => entries(stuck, 'reason'),
    'Partitions that have something to copy and made no progress for 15 s, by reason (docs/control.md).'
  ),
  gauge(
    'millrace.job.state',
    ['state'],
    ({ state }) => counted(JOB_STATES, [state]),
    '1 for the state that the job is in, 0 for the others.'
  ),
  gauge(
    'millrace.workers',
    ['state'],
    ({ workers }) =>
      counted(
        ['ready', 'starting'],
        workers.map(({ ready }) => (ready ? 'ready' : 'starting'))
      ),
    'Worker processes by state.'
  ),
  gauge(
    'millrace.start.time.seconds',
    [],
    ({ startTime }) => [{ labels: {}, value: startTime }],
    'When the job was started, in seconds since 1970.'
  )
]

function counter(name: string, labels: readonly string[], read: ReadSamples, doc: string): Instrument {
  return { name, kind: 'counter', labels, doc, read }
}

function gauge(name: string, labels: readonly string[], read: ReadSamples, doc: string): Instrument {
  return { name, kind: 'gauge', labels, doc, read }
}
