import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { committedOf, eventsOf, fill, GROUP, startMirror, until, valuesOf } from './mirror-under-test.ts'
import type { MirrorSetting, MirrorUnderTest } from './mirror-under-test.ts'

let source: FakeCluster
let target: FakeCluster
let running: MirrorUnderTest[]

beforeEach(() => {
  source = new FakeCluster()
  target = new FakeCluster()
  source.createTopic('orders', 2)
  target.createTopic('orders', 2)
  running = []
})

afterEach(async () => {
  for (const { mirror } of running) await mirror.stop(0).catch(() => undefined)
})

function start(setting: Partial<MirrorSetting> = {}): MirrorUnderTest {
  const started = startMirror({ source, target, ...setting })
  running.push(started)
  return started
}

const silent: Partial<MirrorSetting> = { onProducer: (producer) => producer.hold() }
/** With the producer, or waiting until it has delivered the first record of their partition. */
const sent =
  ({ producers, consumer }: MirrorUnderTest, records: number) =>
  () =>
    (producers.at(-1)?.outstandingRecords() ?? 0) + consumer.heldRecords() === records

describe('a revoked partition', () => {
  it('is drained, then committed, then let go, and the next member goes on there', async () => {
    fill(source, 'orders', 0, 10)
    fill(source, 'orders', 1, 10)
    const first = start(silent)
    await until('the sends', sent(first, 20))
    const second = start()
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(eventsOf(first, 'revoked')).toEqual([])
    first.producers[0]?.deliver()
    await until('the next member', () => eventsOf(second, 'assigned').length === 1)
    const moved = eventsOf(second, 'assigned')[0]?.partitions[0]?.partition ?? -1
    expect(committedOf(source, 'orders', moved)).toBe(10)
    fill(source, 'orders', moved, 5)
    await until('the rest', () => target.records('orders', moved).length === 15)
    expect(valuesOf(target, 'orders', moved)).toEqual(valuesOf(source, 'orders', moved))
    expect(eventsOf(first, 'may-repeat')).toEqual([])
    expect(first.mirror.status().partitions.find(({ partition }) => partition === moved)?.state).toBe('revoked')
  })

  it('whose target does not answer is let go at the deadline, and what may repeat is told', async () => {
    fill(source, 'orders', 0, 10)
    fill(source, 'orders', 1, 10)
    const first = start({ ...silent, options: { drainTimeoutMs: 50 } })
    await until('the sends', sent(first, 20))
    const second = start()
    await until('the next member', () => eventsOf(second, 'assigned').length === 1)
    const moved = eventsOf(second, 'assigned')[0]?.partitions[0]?.partition
    expect(eventsOf(first, 'may-repeat')).toEqual([
      { type: 'may-repeat', ranges: [{ topic: 'orders', partition: moved, from: 0, to: 10 }] }
    ])
  })

  it('that is lost is let go at once, without a commit, and what was delivered may repeat', async () => {
    fill(source, 'orders', 0, 10)
    const started = start({ options: { commitIntervalMs: 60_000 } })
    await until('delivery', () => target.records('orders', 0).length === 10)
    await until('settlement', () => started.mirror.status().inFlightBytes === 0)
    started.consumer.lose([{ topic: 'orders', partition: 0 }])
    await until('the revoke', () => eventsOf(started, 'revoked').length === 1)
    expect(committedOf(source, 'orders', 0)).toBe(0)
    expect(eventsOf(started, 'may-repeat')).toMatchObject([{ ranges: [{ partition: 0, from: 0, to: 10 }] }])
  })

  it('that comes back while its old batches are out is copied to the end', async () => {
    fill(source, 'orders', 0, 10)
    const started = start(silent)
    await until('the sends', sent(started, 10))
    started.consumer.lose([{ topic: 'orders', partition: 0 }])
    await until('the second sends', sent(started, 20))
    started.producers[0]?.deliver()
    await until('the commit', () => committedOf(source, 'orders', 0) === 10)
    expect(started.failures).toEqual([])
  })
})

describe('stopping', () => {
  it('drains and commits, so that nothing is copied twice', async () => {
    fill(source, 'orders', 0, 10)
    const first = start({ ...silent, options: { commitIntervalMs: 60_000 } })
    await until('the sends', sent(first, 10))
    const stopping = first.mirror.stop(2000)
    first.producers[0]?.deliver()
    expect(await stopping).toEqual([])
    expect(committedOf(source, 'orders', 0)).toBe(10)
    fill(source, 'orders', 0, 10)
    start()
    await until('the rest', () => target.records('orders', 0).length >= 20)
    expect(valuesOf(target, 'orders', 0)).toEqual(valuesOf(source, 'orders', 0))
  })

  it('ends at the deadline under a target that never answers, says what may repeat and commits nothing of it', async () => {
    fill(source, 'orders', 0, 10)
    fill(source, 'orders', 1, 7)
    const started = start(silent)
    await until('the sends', sent(started, 17))
    const began = performance.now()
    const mayRepeat = await started.mirror.stop(60)
    expect(performance.now() - began).toBeLessThan(1000)
    expect(mayRepeat).toEqual([
      { topic: 'orders', partition: 0, from: 0, to: 10 },
      { topic: 'orders', partition: 1, from: 0, to: 7 }
    ])
    expect(committedOf(source, 'orders', 0)).toBe(0)
    expect(started.consumer.heldRecords()).toBe(0)
    await expect(started.consumer.poll(1, 1)).rejects.toMatchObject({ code: 'MR_CLIENT_CLOSED' })
  })

  it('closes both clients although the last commit fails, and says what may repeat', async () => {
    fill(source, 'orders', 0, 10)
    const started = start({ options: { commitIntervalMs: 60_000 } })
    await until('delivery', () => target.records('orders', 0).length === 10)
    started.consumer.commit = async () => {
      throw new MillraceError({ code: 'MR_COMMIT_FAILED', kind: 'retry', message: 'no coordinator' })
    }
    expect(await started.mirror.stop(500)).toEqual([{ topic: 'orders', partition: 0, from: 0, to: 10 }])
    expect(eventsOf(started, 'commit-failed').at(-1)?.message).toContain('no coordinator')
    expect(source.group(GROUP).members).toEqual([])
  })

  it('closes the consumer last', async () => {
    fill(source, 'orders', 0, 3)
    const started = start()
    const order: string[] = []
    const { consumer, producers } = started
    const [producer] = producers
    if (producer === undefined) throw new Error('no producer')
    const commit = consumer.commit.bind(consumer)
    consumer.commit = async (offsets) => {
      order.push('commit')
      return await commit(offsets)
    }
    const closeProducer = producer.close.bind(producer)
    producer.close = async (timeout) => {
      order.push('producer')
      await closeProducer(timeout)
    }
    const closeConsumer = consumer.close.bind(consumer)
    consumer.close = async () => {
      order.push('consumer')
      await closeConsumer()
    }
    await until('delivery', () => target.records('orders', 0).length === 3)
    await started.mirror.stop(500)
    expect(order.slice(-2)).toEqual(['producer', 'consumer'])
    expect(order.lastIndexOf('commit')).toBeLessThan(order.indexOf('producer'))
  })

  it('twice is stopping once', async () => {
    const started = start()
    const [first, second] = await Promise.all([started.mirror.stop(10), started.mirror.stop(10)])
    expect(second).toBe(first)
  })

  it('while the producer can not be made anew ends at once', async () => {
    fill(source, 'orders', 0, 5)
    const started = start({
      ...silent,
      options: {
        createProducer: async () => {
          await Promise.resolve()
          throw new MillraceError({ code: 'MR_CONNECT', kind: 'retry', message: 'nobody there' })
        }
      }
    })
    await until('the sends', sent(started, 5))
    fatal(started)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const began = performance.now()
    expect(await started.mirror.stop(100)).toEqual([{ topic: 'orders', partition: 0, from: 0, to: 5 }])
    expect(performance.now() - began).toBeLessThan(1000)
    expect(started.failures).toEqual([])
  })
})

function fatal({ producers }: MirrorUnderTest): void {
  const event = {
    type: 'error',
    code: -150,
    name: '_FATAL',
    text: 'fenced',
    fatal: true,
    authentication: false
  } as const
  producers.at(-1)?.eventSubject.next(event)
}
