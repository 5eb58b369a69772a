import fc from 'fast-check'
import { MillraceError } from '../../src/model/millrace-error.ts'
import type { JobEvent, MirrorEvent } from '../../src/telemetry/events.ts'

type OfEachType<E extends { readonly type: string }> = {
  readonly [T in E['type']]: fc.Arbitrary<Extract<E, { readonly type: T }>>
}

/** Text as a broker, a topic or a user may write it: control characters, half surrogates, changes of direction. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\n', '\r', '\u001B[2J', '\u009B', '\u202E', '\u2028', '\u0000', 'a', 'é', '"', '\\')
  })
)

const count = fc.nat()
const offset = fc.maxSafeNat()
const partition = fc.record({ topic: anyText, partition: count })
const partitions = fc.array(partition, { maxLength: 30 })
const place = fc.record(
  {
    cluster: fc.constantFrom('source', 'target'),
    topic: anyText,
    partition: count,
    offset,
    broker: anyText,
    file: anyText
  },
  { requiredKeys: [] }
)
const error = fc
  .record({ code: anyText, kind: fc.constantFrom('retry', 'refused'), message: anyText, next: anyText, place })
  .map((options) => new MillraceError(options))
const target = fc.record({ topic: anyText, partition: count }, { requiredKeys: [] })
const range = fc.tuple(offset, offset).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
const just = <T extends string>(type: T): fc.Arbitrary<T> => fc.constant(type)

const mirrorEvents: OfEachType<MirrorEvent> = {
  assigned: fc.record({ type: just('assigned'), partitions }),
  revoked: fc.record({ type: just('revoked'), partitions }),
  completed: fc.record({ type: just('completed'), partition, to: offset }),
  'partition-stopped': fc.record(
    {
      type: just('partition-stopped'),
      partition,
      reason: fc.record({ code: anyText, message: anyText, next: anyText, place }),
      traceId: anyText
    },
    { requiredKeys: ['type', 'partition', 'reason'] }
  ),
  'may-repeat': fc.record({
    type: just('may-repeat'),
    ranges: fc.array(fc.record({ topic: anyText, partition: count, from: offset, to: offset }), { maxLength: 30 })
  }),
  'commit-failed': fc.record({ type: just('commit-failed'), message: anyText }),
  'producer-remade': fc.record({ type: just('producer-remade'), message: anyText }),
  waiting: fc.record({ type: just('waiting'), message: anyText }),
  'bad-record': fc.record({
    type: just('bad-record'),
    entry: fc.record(
      {
        time: anyText,
        source: fc.record({ topic: anyText, partition: count, offset }),
        count,
        target: partition,
        reason: anyText,
        policy: fc.constantFrom('dead-letter', 'skip', 'altered'),
        deadLetter: fc.oneof(fc.record({ topic: anyText, partition: count, offset }), fc.record({ file: anyText }))
      },
      { requiredKeys: ['time', 'source', 'count', 'target', 'reason', 'policy'] }
    )
  }),
  'batch-traced': fc.record({
    type: just('batch-traced'),
    why: fc.constantFrom('slow', 'failed'),
    partition,
    from: offset,
    to: offset,
    milliseconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
    traceId: anyText
  })
}

const jobEvents: OfEachType<JobEvent> = {
  state: fc.record(
    { type: just('state'), state: fc.constantFrom('RUNNING', 'FAILED', 'AUTH_FAILED'), error },
    { requiredKeys: ['type', 'state'] }
  ),
  'worker-started': fc.record({ type: just('worker-started'), worker: count, pid: count }),
  'worker-crashed': fc.record(
    { type: just('worker-crashed'), worker: count, why: anyText, restartInMs: count, code: anyText, place },
    { requiredKeys: ['type', 'worker', 'why', 'restartInMs'] }
  ),
  'worker-ended': fc.record({ type: just('worker-ended'), worker: count }),
  mirror: fc.record({ type: just('mirror'), worker: count, event: fc.oneof(...Object.values(mirrorEvents)) }),
  'client-event': fc.record(
    {
      type: just('client-event'),
      worker: count,
      cluster: fc.constantFrom('source', 'target'),
      level: fc.constantFrom('debug', 'info', 'warn', 'error'),
      text: anyText,
      code: anyText
    },
    { requiredKeys: ['type', 'cluster', 'level', 'text'] }
  ),
  'rate-changed': fc.record({
    type: just('rate-changed'),
    rate: fc.record({ bytes: count, records: count }, { requiredKeys: [] })
  }),
  paused: fc.record({ type: just('paused'), target }),
  resumed: fc.record({ type: just('resumed'), target }),
  stuck: fc.record({
    type: just('stuck'),
    reason: fc.record({ code: anyText, message: anyText, next: anyText }),
    partitions
  }),
  'topic-created': fc.record({ type: just('topic-created'), topic: anyText, partitions: count }),
  'topic-grown': fc.record({ type: just('topic-grown'), topic: anyText, partitions: count }),
  'topic-found': fc.record({ type: just('topic-found'), topic: anyText, target: anyText }),
  loss: fc.record({
    type: just('loss'),
    loss: fc.record(
      {
        topic: anyText,
        partition: count,
        kind: fc.constantFrom('overtaken', 'truncated', 'remade', 'deleted', 'hole', 'target-lost', 'target-deleted'),
        message: anyText,
        code: anyText,
        outcome: fc.constantFrom('stopped', 'continued'),
        lost: range,
        writtenSince: range,
        reason: fc.record({ code: anyText, message: anyText, next: anyText, place })
      },
      { requiredKeys: ['topic', 'partition', 'kind', 'message', 'code', 'outcome', 'reason'] }
    )
  }),
  listening: fc.record({ type: just('listening'), url: anyText }),
  'export-problem': fc.record({ type: just('export-problem'), text: anyText }),
  warning: fc.record({ type: just('warning'), error }),
  refused: fc.record({ type: just('refused'), error })
}

/** Any event of any type. */
export const anyEvent: fc.Arbitrary<JobEvent> = fc.oneof(...Object.values(jobEvents))
