import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { administer, createTopic, readRecords, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { startOtlpReceiver, type OtlpReceiver } from '../../helpers/otlp-receiver.ts'
import { spansOf } from '../../helpers/otlp-spans.ts'
import { RuleGround, TRUE_COPY } from '../rules/rule-ground.ts'
import { whereItWent } from './where-it-went.ts'

/* What a collector gets of a run, and what one trace of it answers. */

const EACH = 300
/** The source's partition 1 begins here, so that offsets differ at the target. */
const FIRST = 40
const ASKED = 123
const hex = (number: number, length: number): string => number.toString(16).padStart(length, '0')
const traceOf = (offset: number): string => hex(0xabc000 + offset, 32)
const spanOf = (offset: number): string => hex(0xdef000 + offset, 16)
const inHex = (value: string): string => Buffer.from(value).toString('hex')

describeWithBrokers('traces', () => {
  let ground: RuleGround
  let receiver: OtlpReceiver

  beforeAll(async () => {
    ground = await RuleGround.start({ source: '3.9.1', target: '3.9.1' })
    await createTopic(ground.source, 'orders', 2)
    await writeRecords({
      ...ground.source,
      topic: 'orders',
      partitions: 2,
      kind: 'explicit',
      explicit: [0, 1].flatMap((partition) =>
        Array.from({ length: EACH }, (_, offset) => ({
          partition,
          value: inHex(`order ${partition}-${offset}`),
          timestamp: Date.now(),
          headers: [
            ['before', inHex('b')],
            ['traceparent', inHex(`00-${traceOf(offset)}-${spanOf(offset)}-01`)],
            ['after', null]
          ] as const
        }))
      )
    })
    await administer(ground.source, 'delete_records', { topic: 'orders', before: { 1: FIRST } })
  })
  afterAll(() => ground?.stop())

  beforeEach(async () => {
    receiver = await startOtlpReceiver()
  })
  afterEach(async () => receiver.close())

  const copyTo = async (target: string, settings: object) =>
    await ground.job(target, { topics: { include: ['orders'], targetName: target }, ...settings })

  it('answers where an offset went from one trace, and changes no byte', async () => {
    const job = await copyTo('answered', {
      traces: { export: 'otlp', ratio: 0, always: [`orders-1@${ASKED}`], maxLinks: 4 },
      otlp: { endpoint: receiver.url, protocol: 'http/json', headers: { 'x-api-key': 'k1' } }
    })
    const began = Date.now()
    const end = await job.run()
    const ended = Date.now()
    expect(end, end.stderr).toMatchObject({ exitCode: 0 })
    expect(receiver.requests.map(({ path }) => path)).toContain('/v1/traces')
    expect(receiver.requests.every(({ headers }) => headers['x-api-key'] === 'k1')).toBe(true)

    const spans = spansOf(receiver.requests)
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    const [poll, process, send, commit] = ['poll orders', 'process orders', 'send answered', 'commit orders'].map(
      (name) => {
        const [span, ...more] = spans.filter((one) => one.name === name)
        if (span === undefined || more.length > 0)
          throw new Error(`one ${name} of ${spans.map((one) => one.name).join()}`)
        return span
      }
    )
    if (poll === undefined || process === undefined || send === undefined || commit === undefined) throw new Error()
    expect(spans).toHaveLength(4)
    expect([poll, process, send, commit].map(({ parentSpanId, kind }) => [parentSpanId, kind])).toEqual([
      ['', 3],
      [poll.spanId, 5],
      [process.spanId, 3],
      [process.spanId, 3]
    ])
    expect(Object.keys(poll.resource).toSorted()).toEqual([
      'service.instance.id',
      'service.name',
      'service.version',
      'telemetry.sdk.language',
      'telemetry.sdk.name',
      'telemetry.sdk.version'
    ])
    expect(poll.resource).toMatchObject({ 'service.name': 'millrace' })
    expect(poll.resource['service.instance.id']).toMatch(/^answered-[0-9a-f]{12}-0$/)

    expect(send.attributes).toMatchObject({
      'messaging.system.name': 'kafka',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'answered',
      'messaging.destination.partition.id': '1',
      'messaging.batch.message_count': EACH - FIRST,
      'millrace.job': 'answered',
      'millrace.worker': 0,
      'millrace.trace.reason': 'asked',
      'millrace.source.topic': 'orders',
      'millrace.source.partition': 1,
      'millrace.source.offset.first': FIRST,
      'millrace.source.offset.last': EACH - 1,
      'millrace.target.topic': 'answered',
      'millrace.target.partition': 1,
      'millrace.target.offset.first': 0,
      'millrace.target.offset.last': EACH - FIRST - 1
    })
    expect(commit.attributes).toMatchObject({
      'kafka.offset': EACH,
      'messaging.operation.type': 'settle',
      'messaging.consumer.group.name': 'answered'
    })

    // The record that was asked for is among the links, each of which is the writer's own context.
    const links = process.links.map(({ traceId, spanId, attributes }) => ({
      traceId,
      spanId,
      offset: Number(attributes['kafka.offset'])
    }))
    expect(links).toHaveLength(4)
    expect(links.map(({ offset }) => offset)).toContain(ASKED)
    expect(links).toEqual(links.map(({ offset }) => ({ traceId: traceOf(offset), spanId: spanOf(offset), offset })))

    const answer = whereItWent(spans, 'orders', 1, ASKED)
    expect(answer).toMatchObject({ topic: 'answered', partition: 1, offset: ASKED - FIRST, committed: EACH })
    const arrived = await readRecords(ground.target, answer.topic, {
      partition: answer.partition,
      offset: answer.offset,
      count: 1
    })
    expect(arrived[0]).toMatchObject({ offset: answer.offset, value: inHex(`order 1-${ASKED}`) })
    const { polledAt, fetchedAt, sentAt, deliveredAt, committedAt } = answer
    const times = [began, polledAt, fetchedAt, sentAt, deliveredAt, committedAt, ended]
    expect(times).toEqual(times.toSorted((a, b) => a - b))

    expect(await ground.compare([['orders', 'answered']])).toMatchObject({
      ...TRUE_COPY,
      targetRecords: 2 * EACH - FIRST
    })
  })

  it('the variables of OpenTelemetry alone switch it on, with protobuf and their service name', async () => {
    const job = await copyTo('by-environment', { traces: { ratio: 1, maxLinks: 2 } })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SERVICE_NAME: 'the-mirror' }
    const end = await job.run([], { env })
    expect(end, end.stderr).toMatchObject({ exitCode: 0 })
    const traced = receiver.requests.filter(({ path }) => path === '/v1/traces')
    expect(traced[0]?.headers['content-type']).toBe('application/x-protobuf')
    const spans = spansOf(traced)
    const polls = spans.filter(({ parentSpanId }) => parentSpanId === '')
    expect(polls.length).toBeGreaterThanOrEqual(2)
    expect(polls[0]?.resource['service.name']).toBe('the-mirror')
    expect(spans.filter(({ name }) => name === 'commit orders')).toHaveLength(polls.length)
    const answer = whereItWent(spans, 'orders', 1, ASKED)
    expect(answer).toMatchObject({ topic: 'by-environment', partition: 1, offset: ASKED - FIRST })
    const process = spans.find(
      ({ name, attributes }) => name === 'process orders' && attributes['millrace.source.partition'] === 0
    )
    expect(process?.links[0]).toMatchObject({
      traceId: traceOf(0),
      spanId: spanOf(0),
      attributes: { 'kafka.offset': 0 }
    })
  })

  it('nothing is sent unless somebody asks for it, not even to where OpenTelemetry would send it', async () => {
    const standard = await startOtlpReceiver(4318)
    try {
      const job = await copyTo('unasked', { traces: { ratio: 1 } })
      const end = await job.run()
      expect(end, end.stderr).toMatchObject({ exitCode: 0 })
      const off = await copyTo('switched-off', { traces: { ratio: 1, export: 'none' } })
      const second = await off.run([], { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
      expect(second, second.stderr).toMatchObject({ exitCode: 0 })
      expect(standard.requests.map(({ path }) => path)).toEqual([])
      expect(spansOf(receiver.requests)).toEqual([])
    } finally {
      await standard.close()
    }
  })

  it('a collector that is away, or refuses what it gets, holds nothing up', async () => {
    const { url } = receiver
    await receiver.close()
    const job = await copyTo('no-collector', {
      traces: { ratio: 1 },
      otlp: { endpoint: url },
      metrics: { export: 'none' }
    })
    const began = performance.now()
    const end = await job.run()
    expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { records: 2 * EACH - FIRST } })
    expect(performance.now() - began).toBeLessThan(30_000)
    receiver = await startOtlpReceiver()
    receiver.refuse(400)
    const refusing = await copyTo('refusing-collector', {
      traces: { ratio: 1 },
      otlp: { endpoint: receiver.url },
      metrics: { export: 'none' },
      stop: { at: 'never' }
    })
    const run = refusing.start()
    await run.printed(/traces can't be sent/)
    run.kill('SIGTERM')
    const stopped = await run.finished()
    expect(stopped, stopped.stderr).toMatchObject({ exitCode: 143, summary: { records: 2 * EACH - FIRST } })
    expect([...stopped.stderr.matchAll(/can't be sent/g)]).toHaveLength(1)
  })

  describe('a batch that fails', () => {
    it('is an error in its trace, and the log line has the id of the trace', async () => {
      await createTopic(ground.source, 'large', 1)
      await createTopic(ground.target, 'small', 1, { 'max.message.bytes': '3000' })
      const values = ['fits', 'fits', 'x'.repeat(5000), 'never']
      await writeRecords({
        ...ground.source,
        topic: 'large',
        kind: 'explicit',
        explicit: values.map((value) => ({ value: inHex(value), timestamp: Date.now() }))
      })
      const job = await ground.job('refusing', {
        topics: { include: ['large'], targetName: 'small' },
        target: { accept: ['reject'] },
        traces: { ratio: 0 },
        otlp: { endpoint: receiver.url, protocol: 'http/json' },
        metrics: { export: 'none' }
      })
      const end = await job.run()
      expect(end, end.stderr).toMatchObject({ exitCode: 1 })
      const errors = spansOf(receiver.requests).filter(({ status }) => status.code === 2)
      const refused = errors.find(
        ({ name, attributes }) => name === 'send small' && attributes['millrace.failure.kind'] === 'refused'
      )
      expect(refused).toMatchObject({
        attributes: { 'error.type': 'MSG_SIZE_TOO_LARGE', 'millrace.failure.offset': 2 },
        status: { message: 'MSG_SIZE_TOO_LARGE (10) at source offset 2' }
      })
      const line = end.stderr.split('\n').find((one) => one.includes('MR_RECORD_REFUSED'))
      expect(line).toContain(refused?.traceId)
    })
  })
})
