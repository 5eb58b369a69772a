import { NOTHING_COUNTED } from '../../telemetry/metrics/add-counts.ts'
import type { PartitionStatus } from '../../pipeline/types.ts'
import type { SupervisorMessage, WorkerMessage } from './worker-messages.ts'

/*
 * What arrives over the IPC channel is whatever the other process wrote, and that one may be broken. Each message is
 * held against an example: everything that the example has must be there, of the same type.
 */

type Examples<Message extends { readonly type: string }> = Readonly<Record<Message['type'], object>>

const PLACE = { topic: '', partition: 0 }

const STATUS: Omit<PartitionStatus, 'state' | 'reason'> & { readonly state: string } = {
  ...PLACE,
  target: '',
  state: '',
  from: 0,
  checkpoint: 0,
  committed: 0,
  position: 0,
  readRecords: 0,
  readBytes: 0,
  records: 0,
  bytes: 0,
  altered: 0,
  deadLettered: 0,
  skipped: 0
}

const REASON = { code: '', message: '', next: '', place: {} }

const BROKER = { cluster: '', broker: 0, throttle: { average: 0, max: 0 }, retries: 0, connects: 0, disconnects: 0 }

const FROM_WORKER: Examples<WorkerMessage> = {
  ready: {},
  prepare: { id: 0, partitions: [PLACE] },
  audit: {
    id: 0,
    entries: [{ time: '', source: { ...PLACE, offset: 0 }, count: 0, target: PLACE, reason: '', policy: '' }]
  },
  limits: { id: 0, topics: [''] },
  pairs: { id: 0, delivered: [{ ...PLACE, generation: 0, runs: [0] }] },
  status: {
    status: {
      partitions: [STATUS],
      delivered: [{ ...PLACE, offset: 0 }],
      inFlightBytes: 0,
      inFlightLimit: 0,
      rssBytes: 0,
      metrics: { ...NOTHING_COUNTED, checkpointAge: 0, brokers: [BROKER] }
    }
  },
  event: { event: { type: '' } },
  hole: { partition: PLACE, hole: { from: 0, to: 0 } },
  doubt: { partition: PLACE, reason: REASON },
  'client-event': { cluster: '', level: '', text: '' },
  'export-problem': { text: '' },
  failed: { error: { code: '', kind: '', message: '', place: {} } },
  stopped: { mayRepeat: [{ ...PLACE, from: 0, to: 0 }] }
}

const FROM_SUPERVISOR: Examples<SupervisorMessage> = {
  start: {
    settings: {
      job: '',
      index: 0,
      source: {},
      target: {},
      groupId: '',
      topics: [''],
      memory: {},
      badRecords: {}
    }
  },
  prepared: { id: 0, partitions: [{ ...PLACE, target: '', targetPartitions: 0, start: 0, committed: true }] },
  topics: { topics: [''] },
  ends: { ends: [{ ...PLACE, offset: 0 }] },
  answer: { id: 0 },
  flow: { flow: { rate: {}, pauses: {} } },
  'stop-partitions': { partitions: [{ ...PLACE, reason: REASON }] },
  reassign: { partitions: [PLACE] },
  stop: { timeoutMs: 0 }
}

/** Undefined = not a message of a worker. */
export function readWorkerMessage(message: unknown): WorkerMessage | undefined {
  return isOneOf(message, FROM_WORKER) ? (message as WorkerMessage) : undefined
}

/** Undefined = not a message of the supervisor. */
export function readSupervisorMessage(message: unknown): SupervisorMessage | undefined {
  return isOneOf(message, FROM_SUPERVISOR) ? (message as SupervisorMessage) : undefined
}

function isOneOf(message: unknown, examples: Readonly<Record<string, object>>): boolean {
  const type = isObject(message) ? message['type'] : undefined
  return typeof type === 'string' && Object.hasOwn(examples, type) && hasShapeOf(message, examples[type])
}

/** The first element of an array stands for all of them; an empty one stands for any. */
function hasShapeOf(value: unknown, example: unknown): boolean {
  if (Array.isArray(example)) {
    return Array.isArray(value) && (example.length === 0 || value.every((each) => hasShapeOf(each, example[0])))
  }
  if (isObject(example)) {
    return isObject(value) && Object.entries(example).every(([name, part]) => hasShapeOf(value[name], part))
  }
  return typeof value === typeof example
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
