import { SpanStatusCode } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BatchTracer } from '../../src/telemetry/traces/batch-tracer.ts'
import { traceSampling, type SamplingOptions } from '../../src/telemetry/traces/trace-sampling.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { spanRecorder } from '../telemetry/span-recorder.ts'
import { committedOf, eventsOf, fill, startMirror, until, type MirrorUnderTest } from './mirror-under-test.ts'

/* The tracer in the pipeline: who tells it what, and when. What it makes of that is in test/telemetry. */

const NEVER: SamplingOptions = { ratio: 0, always: [], failed: false }
let source: FakeCluster
let target: FakeCluster
let running: MirrorUnderTest | undefined

beforeEach(() => {
  source = new FakeCluster()
  target = new FakeCluster()
  for (const cluster of [source, target]) cluster.createTopic('orders', 2)
})
afterEach(async () => running?.mirror.stop(500))

function start(sampling: Partial<SamplingOptions>, refused?: string) {
  const recorder = spanRecorder()
  const tracer = new BatchTracer({
    tracer: recorder.tracer,
    sampling: traceSampling({ ...NEVER, ...sampling }),
    maxLinks: 4,
    owner: { job: 'copy', worker: 0, groupId: 'copy' },
    onTraced: () => undefined
  })
  const started = startMirror({
    source,
    target,
    options: { tracer },
    onProducer: (producer) => {
      producer.refuse = ({ value }) =>
        Buffer.from(value ?? []).toString() === refused ? { code: 10, name: 'MSG_SIZE_TOO_LARGE' } : undefined
    }
  })
  running = started
  return { recorder, started }
}

describe('a mirror with traces', () => {
  it('one offset that was asked for gives one trace, from the poll to the commit', async () => {
    fill(source, 'orders', 0, 50)
    fill(source, 'orders', 1, 50)
    const { recorder } = start({ always: ['orders-1@20'] })
    await until('all commits', () => committedOf(source, 'orders', 0) === 50 && committedOf(source, 'orders', 1) === 50)
    await until('the span of the commit', () => recorder.named('commit orders').length > 0)
    expect(recorder.spans.map(({ name }) => name)).toEqual([
      'poll orders',
      'process orders',
      'send orders',
      'commit orders'
    ])
    expect(new Set(recorder.spans.map((span) => span.spanContext().traceId)).size).toBe(1)
    const { attributes } = recorder.only('send orders')
    expect(attributes['millrace.source.offset.first']).toBeLessThanOrEqual(20)
    expect(attributes['millrace.source.offset.last']).toBeGreaterThanOrEqual(20)
    expect(attributes['millrace.target.offset.first']).toBe(attributes['millrace.source.offset.first'])
  })

  it('a partition that stops names the trace of the batch that was refused', async () => {
    fill(source, 'orders', 1, 20)
    const { recorder, started } = start({ failed: true }, '1:7')
    await until('the stop', () => eventsOf(started, 'partition-stopped').length === 1)
    const errors = recorder.named('send orders').filter(({ status }) => status.code === SpanStatusCode.ERROR)
    // The first time it went with others, the second time alone.
    const refusal = errors.findLast(({ attributes }) => attributes['millrace.failure.kind'] === 'refused')
    expect(refusal?.attributes['millrace.failure.offset']).toBe(7)
    expect(eventsOf(started, 'partition-stopped')[0]?.traceId).toBe(refusal?.spanContext().traceId)
  })

  it('the last commit, when the mirror stops, is in the trace', async () => {
    fill(source, 'orders', 0, 10)
    const { recorder, started } = start({ ratio: 1 })
    await until('the records', () => target.records('orders', 0).length === 10)
    await started.mirror.stop(2000)
    expect(recorder.named('commit orders')).toHaveLength(recorder.named('poll orders').length)
  })
})
