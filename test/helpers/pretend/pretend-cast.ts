import type { JobLifecycleState, Reason } from '../../../src/api/contract.ts'

/** What the jobs of a pretended service are like when it begins. */
export interface Cast {
  readonly name: string
  readonly state: JobLifecycleState
  readonly source: string
  readonly target: string
  readonly topics: readonly { readonly name: string; readonly partitions: number }[]
  readonly targetName: string
  readonly recordsPerSecond: number
  readonly recordBytes: number
  readonly lag: number
  readonly limiting: 'source' | 'mirror' | 'target' | 'nothing'
  readonly hoursOld: number
  readonly reason?: Reason
  readonly stopped?: readonly { readonly topic: string; readonly partition: number; readonly reason: Reason }[]
}

const many = (prefix: string, topics: number, partitions: number): Cast['topics'] =>
  Array.from({ length: topics }, (_, index) => ({
    name: `${prefix}.${String(index + 1).padStart(2, '0')}`,
    partitions
  }))

const tooLarge: Reason = {
  code: 'MR_RECORD_REFUSED',
  message: 'The target refuses record payments.settled-7@88120313: 1,310,720 bytes, max.message.bytes is 1,048,588.',
  next: 'Raise max.message.bytes of the target topic, or set badRecords.policy to dead-letter.',
  place: { cluster: 'target', topic: 'payments.settled', partition: 7, offset: 88_120_313 }
}
const loss: Reason = {
  code: 'MR_LOSS',
  message: 'Offsets 41,200,118 to 41,377,002 of payments.ledger-2 were deleted by retention before they were copied.',
  next: 'Set topics.settings.payments.ledger.onLoss to continue, or reset the position.',
  place: { cluster: 'source', topic: 'payments.ledger', partition: 2, offset: 41_200_118 }
}

export const CAST: readonly Cast[] = [
  {
    name: 'orders-to-dr',
    state: 'RUNNING',
    source: 'production',
    target: 'disaster-recovery',
    topics: [
      { name: 'orders.placed', partitions: 24 },
      { name: 'orders.shipped', partitions: 12 },
      { name: 'orders.returned', partitions: 6 },
      { name: 'customers', partitions: 12 }
    ],
    targetName: 'dr.#{source_Topic_name}',
    recordsPerSecond: 38_000,
    recordBytes: 620,
    lag: 1800,
    limiting: 'nothing',
    hoursOld: 300
  },
  {
    name: 'clickstream-eu',
    state: 'RUNNING',
    source: 'production',
    target: 'analytics',
    topics: many('clicks', 10, 100),
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 412_000,
    recordBytes: 310,
    lag: 1_240_000,
    limiting: 'target',
    hoursOld: 51
  },
  {
    name: 'payments-migration',
    state: 'DEGRADED',
    source: 'production',
    target: 'new-region',
    topics: [
      { name: 'payments.settled', partitions: 16 },
      { name: 'payments.ledger', partitions: 8 },
      { name: 'payments.refused', partitions: 4 }
    ],
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 9400,
    recordBytes: 880,
    lag: 402_000,
    limiting: 'source',
    hoursOld: 20,
    reason: {
      code: 'MR_RECORD_REFUSED',
      message: '2 of 28 partitions have stopped: payments.settled-7 (a record is refused), payments.ledger-2 (loss).',
      next: 'Look at the partitions that have stopped; the others go on.'
    },
    stopped: [
      { topic: 'payments.settled', partition: 7, reason: tooLarge },
      { topic: 'payments.ledger', partition: 2, reason: loss }
    ]
  },
  {
    name: 'inventory-sync',
    state: 'PAUSED',
    source: 'production',
    target: 'analytics',
    topics: [{ name: 'inventory.levels', partitions: 12 }],
    targetName: 'wh.#{source_Topic_name}',
    recordsPerSecond: 2100,
    recordBytes: 240,
    lag: 88_000,
    limiting: 'nothing',
    hoursOld: 90
  },
  {
    name: 'audit-archive',
    state: 'COMPLETED',
    source: 'production',
    target: 'archive',
    topics: [{ name: 'audit.2025', partitions: 6 }],
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 610_000,
    recordBytes: 150,
    lag: 0,
    limiting: 'source',
    hoursOld: 9
  },
  {
    name: 'users-cdc',
    state: 'FAILED',
    source: 'production',
    target: 'new-region',
    topics: [{ name: 'users.changes', partitions: 12 }],
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 5200,
    recordBytes: 1400,
    lag: 3_800_000,
    limiting: 'nothing',
    hoursOld: 6,
    reason: {
      code: 'MR_WORKER_CRASHED',
      message: 'A worker ended 5 times in 10 minutes, the last time by SIGKILL (out of memory).',
      next: 'Raise limits.memory or the memory of the machine, then start it again.'
    }
  },
  {
    name: 'iot-telemetry',
    state: 'AUTH_FAILED',
    source: 'edge',
    target: 'analytics',
    topics: many('sensors', 4, 8),
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 71_000,
    recordBytes: 96,
    lag: 12_000_000,
    limiting: 'nothing',
    hoursOld: 30,
    reason: {
      code: 'MR_AUTHENTICATION_FAILED',
      message: 'edge-1.example:9093 refused user mirror (SCRAM-SHA-512): SASL authentication failed.',
      next: 'Correct the password of connection edge; then retry, once.',
      place: { cluster: 'source', broker: 'edge-1.example:9093' }
    }
  },
  {
    name: 'logs-to-lake',
    state: 'STOPPED',
    source: 'production',
    target: 'archive',
    topics: many('logs', 3, 16),
    targetName: 'lake.#{source_Topic_name}',
    recordsPerSecond: 150_000,
    recordBytes: 410,
    lag: 54_000_000,
    limiting: 'nothing',
    hoursOld: 200
  },
  {
    name: 'ads-bidding',
    state: 'SUBMITTED',
    source: 'production',
    target: 'new-region',
    topics: [
      { name: 'ads.bids', partitions: 32 },
      { name: 'ads.wins', partitions: 8 }
    ],
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 88_000,
    recordBytes: 200,
    lag: 9_100_000,
    limiting: 'nothing',
    hoursOld: 0.4
  },
  {
    name: 'new-region-draft',
    state: 'DRAFT',
    source: 'production',
    target: 'new-region',
    topics: [{ name: 'orders.placed', partitions: 24 }],
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 20_000,
    recordBytes: 600,
    lag: 0,
    limiting: 'nothing',
    hoursOld: 0.1
  },
  {
    name: 'billing-canary',
    state: 'STARTING',
    source: 'production',
    target: 'new-region',
    topics: [{ name: 'billing.events', partitions: 12 }],
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 1200,
    recordBytes: 700,
    lag: 31_000,
    limiting: 'nothing',
    hoursOld: 4,
    reason: {
      code: 'MR_WORKER_CRASHED',
      message: 'Its process ended by itself; it is started again in 20 s (2 of 5 in 10 minutes).',
      next: 'Nothing; its log says why it ended.'
    }
  },
  {
    name: 'search-index',
    state: 'STOPPING',
    source: 'production',
    target: 'analytics',
    topics: [{ name: 'catalog.items', partitions: 6 }],
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 3300,
    recordBytes: 2100,
    lag: 900,
    limiting: 'target',
    hoursOld: 70
  }
]

/** The configuration of such a job. */
export function castConfig({ name, source, target, topics, targetName }: Cast): string {
  return `name: ${name}
source:
  connection: ${source}
  groupId: ${name}
target:
  connection: ${target}
topics:
  include:
${topics.map((topic) => `    - ${topic.name}`).join('\n')}
  targetName: '${targetName}'
partitions: same
workers: 2
limits:
  memory: 1GiB
`
}
