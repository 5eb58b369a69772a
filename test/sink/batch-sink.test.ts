import { EMPTY, NEVER, Subject, concat, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { SendTarget } from '../../src/client/types.ts'
import type { Batch, BatchPayload } from '../../src/model/batch.ts'
import type { Settlement } from '../../src/model/settlement.ts'
import { batchSink } from '../../src/sink/batch-sink.ts'
import type { SettledBatch } from '../../src/sink/batch-sink.ts'
import { TargetLoad } from '../../src/sink/target-load.ts'
import { batchOf } from '../model/batch-of.ts'
import type { BatchShape } from '../model/batch-of.ts'
import { marbles } from '../operators/operator-cases.ts'

interface Send {
  readonly payload: BatchPayload
  readonly target: SendTarget
  readonly answer: (result: Settlement) => void
  readonly fail: (error: Error) => void
}

class SlowProducer {
  readonly sends: Send[] = []

  async send(payload: BatchPayload, target: SendTarget): Promise<Settlement> {
    return await new Promise((answer, fail) => this.sends.push({ payload, target, answer, fail }))
  }
}

function startSink() {
  const producer = new SlowProducer()
  const load = new TargetLoad()
  const batches = new Subject<Batch>()
  const out: SettledBatch[] = []
  const errors: unknown[] = []
  const sink = batchSink({
    send: async (payload, _source, target) => await producer.send(payload, target),
    load,
    laneOf: ({ partition }) => 100 + partition
  })
  const subscription = batches
    .pipe(sink)
    .subscribe({ next: (item) => out.push(item), error: (error) => errors.push(error) })
  return { producer, load, batches, out, errors, sink, subscription }
}

const routed = (shape: BatchShape = {}, partition = 0) => {
  const subject = batchOf({ ...shape, source: { topic: 'orders', partition } })
  return { ...subject, batch: subject.batch.toTopic('copy').toPartition(partition) }
}

const delivered = (count: number): Settlement => ({ delivered: count, altered: 0, runs: [] })
const settle = async () => await new Promise((resolve) => setImmediate(resolve))

describe('batchSink', () => {
  it.each([
    ['empty', EMPTY, '|'],
    ['never', NEVER, '-'],
    ['an error', throwError(() => 'error'), '#']
  ])('%s', (_, given, passed) => {
    marbles(({ expectObservable }) => expectObservable(given.pipe(startSink().sink)).toBe(passed))
  })

  it('sends the batches in order and at once, each in the lane of its source partition', () => {
    const { producer, batches } = startSink()
    batches.next(routed({ from: 0, to: 10 }, 1).batch)
    batches.next(routed({ from: 0, to: 3 }, 2).batch)
    batches.next(routed({ from: 10, to: 20 }, 1).batch)
    expect(producer.sends.map(({ payload, target }) => [payload.firstOffset, target])).toEqual([
      [0, { topic: 'copy', partition: 1, lane: 101 }],
      [0, { topic: 'copy', partition: 2, lane: 102 }],
      [10, { topic: 'copy', partition: 1, lane: 101 }]
    ])
  })

  it('settles each once, and tells results as they come, in any order', async () => {
    const { producer, batches, out } = startSink()
    const first = routed()
    const second = routed({ from: 10, to: 20 })
    batches.next(first.batch)
    batches.next(second.batch)
    producer.sends[1]?.answer(delivered(10))
    await settle()
    expect(out.map(({ batch }) => batch.from)).toEqual([10])
    expect([first.settled, second.settled]).toEqual([[], [delivered(10)]])
    producer.sends[0]?.answer(delivered(10))
    await settle()
    expect(out.map(({ batch }) => batch.from)).toEqual([10, 0])
    expect(first.settled).toEqual([delivered(10)])
  })

  it('settles a batch without records at once, without a send', async () => {
    const { producer, batches, out } = startSink()
    const { batch, settled } = batchOf({ offsets: [] })
    batches.next(batch)
    await settle()
    expect(producer.sends).toEqual([])
    expect(out).toEqual([{ batch, result: delivered(0), bytes: 0, firstTimestamp: -1 }])
    expect(settled).toEqual([delivered(0)])
  })

  it('passes a failure on as a result, and goes on', async () => {
    const { producer, batches, out, errors } = startSink()
    const failure = { code: 10, name: 'MSG_SIZE_TOO_LARGE', offset: 4, count: 6, kind: 'refused' } as const
    batches.next(routed().batch)
    producer.sends[0]?.answer({ ...delivered(4), failure })
    await settle()
    batches.next(routed({ from: 10, to: 20 }).batch)
    expect(out[0]?.result.failure).toEqual(failure)
    expect([producer.sends.length, errors]).toEqual([2, []])
  })

  it('counts what each target has in flight, from the send to its result', async () => {
    const { producer, batches, load } = startSink()
    const target = { topic: 'copy', partition: 0 }
    const { batch } = routed()
    const { charge } = batch
    batches.next(batch)
    batches.next(routed({ from: 10, to: 20 }).batch)
    expect(load.of(target)).toBeGreaterThan(charge)
    producer.sends[1]?.answer(delivered(10))
    await settle()
    expect(load.of(target)).toBe(charge)
    producer.sends[0]?.answer(delivered(10))
    await settle()
    expect(load.of(target)).toBe(0)
  })

  it('errors when the producer can not even take a batch, which is given back and not settled', async () => {
    const { producer, batches, load, errors } = startSink()
    const { batch, settled, held } = routed()
    batches.next(batch)
    const failure = new Error('closed')
    producer.sends[0]?.fail(failure)
    await settle()
    expect(errors).toEqual([failure])
    expect(settled).toEqual([undefined])
    expect(held.records).toBe(0)
    expect(load.of({ topic: 'copy', partition: 0 })).toBe(0)
  })

  it('refuses a batch that was never routed, and gives it back', async () => {
    const { batches, errors } = startSink()
    const { batch, held } = batchOf()
    batches.next(batch)
    await settle()
    expect(errors).toMatchObject([{ code: 'MR_NOT_ROUTED', place: { topic: 'orders', partition: 0 } }])
    expect(held.records).toBe(0)
  })

  it('unsubscribed early still settles what was sent, and tells nobody', async () => {
    const { producer, batches, out, subscription } = startSink()
    const { batch, settled } = routed()
    batches.next(batch)
    subscription.unsubscribe()
    producer.sends[0]?.answer(delivered(10))
    await settle()
    expect(settled).toEqual([delivered(10)])
    expect(out).toEqual([])
  })

  it('completes after the last result', async () => {
    const { producer, sink } = startSink()
    let completed = false
    concat(of(routed().batch), EMPTY)
      .pipe(sink)
      .subscribe({ complete: () => (completed = true) })
    await settle()
    expect(completed).toBe(false)
    producer.sends[0]?.answer(delivered(10))
    await settle()
    expect(completed).toBe(true)
  })
})
