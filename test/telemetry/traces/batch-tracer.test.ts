import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import * as conventions from '@opentelemetry/semantic-conventions/incubating'
import { describe, expect, it } from 'vitest'
import { Batch } from '../../../src/model/batch.ts'
import type { RecordView } from '../../../src/model/batch.ts'
import type { Settlement } from '../../../src/model/settlement.ts'
import { BatchTracer } from '../../../src/telemetry/traces/batch-tracer.ts'
import type { MirrorEvent } from '../../../src/telemetry/events.ts'
import { traceSampling, type SamplingOptions } from '../../../src/telemetry/traces/trace-sampling.ts'
import { FakePayload } from '../../client/fake-payload.ts'
import { recordAt, range } from '../../model/batch-of.ts'
import { spanRecorder, timesOf } from '../span-recorder.ts'

const NEVER: SamplingOptions = { ratio: 0, always: [], failed: false }
const SOURCE = { topic: 'orders', partition: 7 }
const hex = (number: number, length: number): string => number.toString(16).padStart(length, '0')
const traceOf = (offset: number): string => hex(0xa000 + offset, 32)

function traced(offset: number): RecordView {
  const value = Buffer.from(`00-${traceOf(offset)}-${hex(0xb000 + offset, 16)}-01`)
  return { ...recordAt(offset), headers: [{ name: Buffer.from('traceparent'), value }] }
}

/** A batch of traced records on its way: polled from 1000 to 1010, sent at 1020, delivered at 1100. */
function sentBatch(from = 100, to = 110, offsets = range(from, to)): Batch {
  const payload = offsets.length === 0 ? undefined : new FakePayload(offsets.map(traced), { records: offsets.length })
  const times = { pollBegan: 1000, fetched: 1010, ...(payload !== undefined && { sent: 1020, delivered: 1100 }) }
  const origin = { source: SOURCE, from, to, leaderEpoch: 4, payload, times, onSettled: () => undefined }
  return Batch.create(origin).toTopic('copy').toPartition(3)
}

const delivered = (batch: Batch, targetOffset = 5000): Settlement => ({
  delivered: batch.count,
  altered: 0,
  runs: [{ sourceOffset: batch.from, targetOffset, count: batch.count }]
})

const failed = (batch: Batch): Settlement => ({
  delivered: 4,
  altered: 0,
  runs: [{ sourceOffset: batch.from, targetOffset: 5000, count: 4 }],
  failure: { code: 10, name: 'MSG_SIZE_TOO_LARGE', offset: batch.from + 4, count: batch.count - 4, kind: 'refused' }
})

function start(sampling: Partial<SamplingOptions>, maxLinks = 4) {
  const recorder = spanRecorder()
  const events: MirrorEvent[] = []
  const tracer = new BatchTracer({
    tracer: recorder.tracer,
    sampling: traceSampling({ ...NEVER, ...sampling }),
    maxLinks,
    owner: { job: 'orders-to-dr', worker: 1, groupId: 'copiers' },
    onTraced: (event) => events.push(event)
  })
  const run = (batch: Batch, result = delivered(batch)): string | undefined => {
    tracer.seen(batch)
    return tracer.settled(batch, result, batch.bytes)
  }
  return { recorder, events, tracer, run }
}

const commit = (offset: number, error?: string, partition = 7) => ({
  began: 2000,
  ended: 2005,
  offsets: [{ topic: 'orders', partition, offset, ...(error !== undefined && { error }) }]
})

describe('the trace of a delivered batch', () => {
  const { recorder, tracer, run, events } = start({ ratio: 1 })
  const traceId = run(sentBatch())
  tracer.committed(commit(110))
  const poll = recorder.only('poll orders')
  const process = recorder.only('process orders')
  const send = recorder.only('send copy')
  const settle = recorder.only('commit orders')

  it('is one trace of four spans, each below the right one', () => {
    expect(recorder.spans).toHaveLength(4)
    expect(new Set(recorder.spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]))
    expect(poll.parentSpanContext).toBeUndefined()
    expect(process.parentSpanContext?.spanId).toBe(poll.spanContext().spanId)
    expect(send.parentSpanContext?.spanId).toBe(process.spanContext().spanId)
    expect(settle.parentSpanContext?.spanId).toBe(process.spanContext().spanId)
    expect([poll, process, send, settle].map(({ kind }) => kind)).toEqual([
      SpanKind.CLIENT,
      SpanKind.CONSUMER,
      SpanKind.CLIENT,
      SpanKind.CLIENT
    ])
    expect(events).toEqual([])
  })

  it('says how long each step took, and when', () => {
    const [origin] = timesOf(poll)
    const since = (span: typeof poll): number[] => timesOf(span).map((ms) => Math.round(ms - origin))
    expect(since(poll)).toEqual([0, 10])
    expect(since(process)).toEqual([10, 100])
    expect(since(send)).toEqual([20, 100])
    expect(since(settle)).toEqual([1000, 1005])
    expect(Math.abs(origin - (Date.now() - performance.now() + 1000))).toBeLessThan(50)
  })

  it('says which offsets went where', () => {
    const offsets = {
      'messaging.batch.message_count': 10,
      'millrace.source.topic': 'orders',
      'millrace.source.partition': 7,
      'millrace.source.offset.first': 100,
      'millrace.source.offset.last': 109,
      'millrace.source.leader_epoch': 4,
      'millrace.trace.reason': 'ratio'
    }
    expect(poll.attributes).toMatchObject(offsets)
    for (const span of [process, send]) {
      expect(span.attributes).toMatchObject({
        ...offsets,
        'millrace.target.topic': 'copy',
        'millrace.target.partition': 3,
        'millrace.target.offset.first': 5000,
        'millrace.target.offset.last': 5009,
        'millrace.offset.runs': ['100..109 -> 5000..5009'],
        'millrace.delivered.records': 10,
        'millrace.delivered.bytes': 90
      })
    }
    expect(settle.attributes).toMatchObject({ 'kafka.offset': 110, 'messaging.consumer.group.name': 'copiers' })
  })

  it('uses the names of the conventions, and names of its own for the rest', () => {
    const {
      ATTR_ERROR_TYPE,
      ATTR_KAFKA_OFFSET,
      ATTR_MESSAGING_BATCH_MESSAGE_COUNT,
      ATTR_MESSAGING_CONSUMER_GROUP_NAME,
      ATTR_MESSAGING_DESTINATION_NAME,
      ATTR_MESSAGING_DESTINATION_PARTITION_ID,
      ATTR_MESSAGING_OPERATION_NAME,
      ATTR_MESSAGING_OPERATION_TYPE,
      ATTR_MESSAGING_SYSTEM_NAME
    } = conventions
    const known = new Set<string>([
      ATTR_ERROR_TYPE,
      ATTR_KAFKA_OFFSET,
      ATTR_MESSAGING_BATCH_MESSAGE_COUNT,
      ATTR_MESSAGING_CONSUMER_GROUP_NAME,
      ATTR_MESSAGING_DESTINATION_NAME,
      ATTR_MESSAGING_DESTINATION_PARTITION_ID,
      ATTR_MESSAGING_OPERATION_NAME,
      ATTR_MESSAGING_OPERATION_TYPE,
      ATTR_MESSAGING_SYSTEM_NAME
    ])
    const used = recorder.spans.flatMap(({ attributes }) => Object.keys(attributes))
    expect(used.filter((name) => !known.has(name) && !name.startsWith('millrace.'))).toEqual([])
    expect(recorder.spans.map(({ attributes }) => attributes[ATTR_MESSAGING_OPERATION_TYPE])).toEqual([
      conventions.MESSAGING_OPERATION_TYPE_VALUE_RECEIVE,
      conventions.MESSAGING_OPERATION_TYPE_VALUE_PROCESS,
      conventions.MESSAGING_OPERATION_TYPE_VALUE_SEND,
      conventions.MESSAGING_OPERATION_TYPE_VALUE_SETTLE
    ])
    expect(poll.attributes[ATTR_MESSAGING_SYSTEM_NAME]).toBe(conventions.MESSAGING_SYSTEM_NAME_VALUE_KAFKA)
    expect([
      send.attributes[ATTR_MESSAGING_DESTINATION_NAME],
      send.attributes[ATTR_MESSAGING_CONSUMER_GROUP_NAME]
    ]).toEqual(['copy', undefined])
  })

  it('links to the spans that wrote some of its records, and says whose', () => {
    expect(process.links.map(({ context, attributes }) => [context.traceId, attributes?.['kafka.offset']])).toEqual(
      [100, 103, 106, 109].map((offset) => [traceOf(offset), offset])
    )
    expect(process.links.every(({ context }) => context.isRemote === true && context.traceFlags === 1)).toBe(true)
    expect([poll, send, settle].flatMap(({ links }) => links)).toEqual([])
  })
})

describe('links', () => {
  it('the record that was asked for comes first, whatever the others are', () => {
    const { recorder, run } = start({ always: ['orders-7@107'] }, 1)
    run(sentBatch())
    const [link, ...more] = recorder.only('process orders').links
    expect(more).toEqual([])
    expect(link?.context.traceId).toBe(traceOf(107))
  })

  it('none are looked for at 0', () => {
    const { recorder, run } = start({ ratio: 1 }, 0)
    run(sentBatch())
    expect(recorder.only('process orders').links).toEqual([])
  })

  it('records without a context, or with nonsense in its place, have none', () => {
    const { recorder, tracer } = start({ ratio: 1 })
    const odd = { ...recordAt(101), headers: [{ name: Buffer.from('traceparent'), value: Buffer.from('00-zz') }] }
    const payload = new FakePayload([recordAt(100), odd], { records: 2 })
    const times = { pollBegan: 0, fetched: 1, sent: 1, delivered: 2 }
    const batch = Batch.create({
      source: SOURCE,
      from: 100,
      to: 102,
      leaderEpoch: -1,
      payload,
      times,
      onSettled: () => undefined
    })
    tracer.seen(batch)
    tracer.settled(batch, delivered(batch), batch.bytes)
    expect(recorder.only('process orders').links).toEqual([])
  })
})

describe('a batch whose first record was sent alone', () => {
  it('is told whole', () => {
    const { recorder, tracer } = start({ ratio: 1 })
    const batch = sentBatch()
    tracer.seen(batch)
    const result = delivered(batch)
    batch.payload?.take(100, 101)
    tracer.settled(batch, result, 90)
    expect(recorder.only('process orders').attributes).toMatchObject({
      'messaging.batch.message_count': 10,
      'millrace.source.offset.first': 100,
      'millrace.source.offset.last': 109
    })
  })
})

describe('which batches are traced', () => {
  it('one that nobody chose has no trace, and nothing is kept of it', () => {
    const { recorder, run, tracer } = start({ always: ['orders-7@500'], slowerThanMs: 90, failed: true })
    expect(run(sentBatch())).toBeUndefined()
    tracer.committed(commit(110))
    expect(recorder.spans).toEqual([])
  })

  it('a slow one is traced afterwards, without links, and told', () => {
    const { recorder, run, events } = start({ slowerThanMs: 89 })
    const batch = sentBatch()
    const traceId = run(batch)
    expect(recorder.only('process orders').attributes['millrace.trace.reason']).toBe('slow')
    expect(recorder.only('process orders').links).toEqual([])
    expect(events).toEqual([
      { type: 'batch-traced', why: 'slow', partition: SOURCE, from: 100, to: 110, milliseconds: 90, traceId }
    ])
  })

  it('a failed one is an error with its code and its offset, and waits for no commit', () => {
    const { recorder, run, events, tracer } = start({ failed: true })
    const batch = sentBatch()
    const traceId = run(batch, failed(batch))
    for (const name of ['process orders', 'send copy']) {
      const span = recorder.only(name)
      expect(span.status).toEqual({
        code: SpanStatusCode.ERROR,
        message: 'MSG_SIZE_TOO_LARGE (10) at source offset 104'
      })
      expect(span.attributes).toMatchObject({
        'error.type': 'MSG_SIZE_TOO_LARGE',
        'millrace.failure.code': 10,
        'millrace.failure.offset': 104,
        'millrace.failure.count': 6,
        'millrace.failure.kind': 'refused',
        'millrace.delivered.records': 4
      })
    }
    expect(recorder.only('poll orders').status.code).toBe(SpanStatusCode.UNSET)
    expect(events).toMatchObject([{ type: 'batch-traced', why: 'failed', traceId }])
    tracer.committed(commit(200))
    expect(recorder.named('commit orders')).toEqual([])
  })

  it('a hole that was asked for is a trace without send', () => {
    const { recorder, run } = start({ always: ['orders-7@105'] })
    run(sentBatch(100, 110, []), { delivered: 0, altered: 0, runs: [] })
    expect(recorder.spans.map(({ name }) => name)).toEqual(['poll orders', 'process orders'])
    expect(recorder.only('process orders').attributes).toMatchObject({
      'messaging.batch.message_count': 0,
      'millrace.source.offset.first': 100,
      'millrace.source.offset.last': 109
    })
  })
})

describe('commits', () => {
  it('one that does not reach the batch, or is of another partition, is not its commit', () => {
    const { recorder, run, tracer } = start({ ratio: 1 })
    run(sentBatch())
    tracer.committed(commit(109))
    tracer.committed(commit(500, undefined, 6))
    expect(recorder.named('commit orders')).toEqual([])
    tracer.committed(commit(500))
    tracer.committed(commit(600))
    expect(recorder.only('commit orders').attributes['kafka.offset']).toBe(500)
  })

  it('one that failed is an error, and the next one follows', () => {
    const { recorder, run, tracer } = start({ ratio: 1 })
    run(sentBatch())
    tracer.committed(commit(110, 'NOT_COORDINATOR'))
    tracer.committed(commit(110))
    const [first, second] = recorder.named('commit orders')
    expect(first?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'NOT_COORDINATOR' })
    expect(first?.attributes['error.type']).toBe('NOT_COORDINATOR')
    expect(second?.status.code).toBe(SpanStatusCode.UNSET)
    expect(first?.spanContext().traceId).toBe(second?.spanContext().traceId)
  })

  it('what waits for one is bounded', () => {
    const { recorder, run, tracer } = start({ ratio: 1 }, 0)
    for (let i = 0; i < 4100; i++) run(sentBatch(i, i + 1))
    expect(tracer.commitsDropped).toBe(4)
    tracer.committed(commit(10_000))
    expect(recorder.named('commit orders')).toHaveLength(4096)
  })
})
