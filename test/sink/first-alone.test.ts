import { describe, expect, it } from 'vitest'
import type { BatchProducer, SendTarget } from '../../src/client/types.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import type { BatchPayload } from '../../src/model/batch.ts'
import type { DeliveryFailure, Settlement } from '../../src/model/settlement.ts'
import { FirstAlone } from '../../src/sink/first-alone.ts'
import type { HeldCount } from '../client/fake-payload.ts'
import { FakePayload } from '../client/fake-payload.ts'
import { range, recordAt } from '../model/batch-of.ts'

const TARGET: SendTarget = { topic: 'copy', partition: 0, lane: 7 }
const settle = async () => await new Promise((resolve) => setImmediate(resolve))

/**
 * A producer whose requests are on their way until they are answered, and a broker that takes any sequence number from
 * a producer it does not know: each request is judged alone.
 */
class Broker {
  readonly requests: { readonly offsets: number[]; readonly answer: (failure?: DeliveryFailure) => void }[] = []
  readonly log: number[] = []
  closed = false

  readonly producer = {
    send: async (payload: BatchPayload) => {
      if (this.closed) throw new MillraceError({ code: 'MR_CLIENT_CLOSED', kind: 'internal', message: 'closed' })
      const offsets = (payload as FakePayload).surrender().map(({ offset }) => offset)
      return await new Promise<Settlement>((resolve) => {
        const answer = (failure?: DeliveryFailure) => {
          if (failure === undefined) this.log.push(...offsets)
          const delivered = failure === undefined ? offsets.length : 0
          resolve({ delivered, altered: 0, runs: [], ...(failure !== undefined && { failure }) })
        }
        this.requests.push({ offsets, answer })
      })
    }
  } as unknown as BatchProducer

  get sent(): number[][] {
    return this.requests.map(({ offsets }) => offsets)
  }
}

const refusedAt = (offset: number): DeliveryFailure => {
  return { code: 10, name: 'MSG_SIZE_TOO_LARGE', offset, count: 1, kind: 'refused' }
}

function ground() {
  const broker = new Broker()
  const held: HeldCount = { records: 0 }
  let time = 0
  const sends = new FirstAlone(() => time)
  const send = async (from: number, to: number, target = TARGET) => {
    held.records += to - from
    const payload = new FakePayload(
      range(from, to).map((offset) => recordAt(offset)),
      held
    )
    return await sends.of(broker.producer).send(payload, target)
  }
  return { broker, held, sends, send, pass: (ms: number) => (time += ms) }
}

describe('the first record of a producer to a partition', () => {
  it('goes alone; the rest and what came meanwhile follow in order when it is in', async () => {
    const { broker, send } = ground()
    const results = [send(0, 5), send(5, 8), send(8, 9)]
    await settle()
    expect(broker.sent).toEqual([[0]])
    broker.requests[0]?.answer()
    await settle()
    expect(broker.sent).toEqual([[0], [1, 2, 3, 4], [5, 6, 7], [8]])
    for (const { answer } of broker.requests) answer()
    expect((await Promise.all(results)).map(({ delivered }) => delivered)).toEqual([5, 3, 1])
  })

  it('that is refused is overtaken by nobody: its followers are not sent and given back', async () => {
    const { broker, held, send } = ground()
    const first = send(10, 21)
    await settle()
    broker.requests[0]?.answer(refusedAt(10))
    expect(await first).toMatchObject({ delivered: 0, failure: { offset: 10, count: 11, kind: 'refused' } })
    expect([broker.log, broker.requests.length, held.records]).toEqual([[], 1, 0])
  })

  it('is asked for again of the next batch when it was refused', async () => {
    const { broker, send } = ground()
    void send(0, 3)
    void send(3, 6)
    await settle()
    broker.requests[0]?.answer(refusedAt(0))
    await settle()
    expect(broker.sent).toEqual([[0], [3]])
  })

  it('may be all there is', async () => {
    const { broker, send } = ground()
    const only = send(0, 1)
    const next = send(1, 3)
    await settle()
    broker.requests[0]?.answer()
    expect((await only).delivered).toBe(1)
    await settle()
    broker.requests[1]?.answer()
    expect((await next).delivered).toBe(2)
    expect(broker.sent).toEqual([[0], [1, 2]])
  })

  it('is sent at once afterwards, and again alone after a long silence', async () => {
    const { broker, send, pass } = ground()
    void send(0, 1)
    await settle()
    broker.requests[0]?.answer()
    await settle()
    void send(1, 4)
    void send(4, 6)
    expect(broker.sent.slice(1)).toEqual([
      [1, 2, 3],
      [4, 5]
    ])
    for (const { answer } of broker.requests) answer()
    await settle()
    pass(60 * 60_000)
    void send(6, 9)
    await settle()
    expect(broker.sent.at(-1)).toEqual([6])
  })

  it('of another partition waits for nobody', async () => {
    const { broker, send } = ground()
    void send(0, 2)
    void send(0, 2, { ...TARGET, partition: 1 })
    await settle()
    expect(broker.sent).toEqual([[0], [0]])
  })

  it('of another producer is a first record again', async () => {
    const { broker, sends, send } = ground()
    void send(0, 1)
    await settle()
    broker.requests[0]?.answer()
    await settle()
    const next = new Broker()
    void sends.of(next.producer).send(new FakePayload([recordAt(1), recordAt(2)], { records: 2 }), TARGET)
    await settle()
    expect(next.sent).toEqual([[1]])
  })
})

describe('a producer that is closed', () => {
  it('fails what waited for it, so that it is read again, and gives the records back', async () => {
    const { broker, held, send } = ground()
    const first = send(0, 5)
    const second = send(5, 8)
    await settle()
    broker.closed = true
    broker.requests[0]?.answer({ ...refusedAt(0), name: '_PURGE_QUEUE', kind: 'purged' })
    expect(await first).toMatchObject({ failure: { offset: 0, count: 5, kind: 'purged' } })
    expect(await second).toMatchObject({ delivered: 0, failure: { offset: 5, count: 3, kind: 'blocked' } })
    expect(held.records).toBe(0)
  })
})
