import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MillraceError } from '../../src/model/millrace-error.ts'
import type { BatchProducer } from '../../src/client/types.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { FakeProducer } from '../client/fake-producer.ts'
import { committedOf, eventsOf, fill, startMirror, until, valuesOf } from './mirror-under-test.ts'
import type { MirrorSetting, MirrorUnderTest } from './mirror-under-test.ts'

let source: FakeCluster
let target: FakeCluster
let running: MirrorUnderTest[]

beforeEach(() => {
  source = new FakeCluster()
  target = new FakeCluster()
  source.createTopic('orders', 3)
  target.createTopic('orders', 3)
  running = []
})

afterEach(async () => {
  for (const { mirror } of running) await mirror.stop(0).catch(() => undefined)
})

function start(setting: Partial<MirrorSetting> = {}): MirrorUnderTest {
  const started = startMirror({ source, target, ...setting })
  started.consumer.maxRecords = 3
  running.push(started)
  return started
}

const tooLarge = { code: 10, name: 'MSG_SIZE_TOO_LARGE' }
const refusing = (value: string): Partial<MirrorSetting> => ({
  onProducer: (producer) => {
    producer.refuse = (record) => (Buffer.from(record.value ?? []).toString() === value ? tooLarge : undefined)
  }
})

const fatal = ({ producers }: MirrorUnderTest): void => {
  const error = {
    type: 'error',
    code: -150,
    name: '_FATAL',
    text: 'fenced',
    fatal: true,
    authentication: false
  } as const
  producers.at(-1)?.eventSubject.next(error)
}

describe('a record that the target refuses', () => {
  it('stops its partition there, and only that; nothing past it is committed or sent', async () => {
    for (const partition of [0, 1, 2]) fill(source, 'orders', partition, 20)
    const started = start(refusing('1:7'))
    await until('the others', () => committedOf(source, 'orders', 0) === 20 && committedOf(source, 'orders', 2) === 20)
    await until('the stop', () => eventsOf(started, 'partition-stopped').length === 1)
    expect(valuesOf(target, 'orders', 1)).toEqual(valuesOf(source, 'orders', 1).slice(0, 7))
    for (const partition of [0, 2]) {
      expect([...new Set(valuesOf(target, 'orders', partition))]).toEqual(valuesOf(source, 'orders', partition))
    }
    expect(eventsOf(started, 'partition-stopped')[0]).toMatchObject({
      partition: { partition: 1 },
      reason: { code: 'MR_RECORD_REFUSED', place: { offset: 7 } }
    })
    fill(source, 'orders', 1, 5)
    expect(await started.mirror.stop(500)).toEqual([])
    expect(committedOf(source, 'orders', 1)).toBe(7)
    expect(started.mirror.status().partitions[1]).toMatchObject({ state: 'stopped', checkpoint: 7, records: 7 })
    expect(started.failures).toEqual([])
  })

  it('counts no byte of what was not delivered', async () => {
    fill(source, 'orders', 1, 3)
    const started = start(refusing('1:0'))
    await until('the stop', () => eventsOf(started, 'partition-stopped').length === 1)
    expect(started.mirror.status().partitions[1]).toMatchObject({ records: 0, bytes: 0 })
  })
})

describe('a producer that fails for good', () => {
  it('is made anew, and every partition goes on where it was delivered, in order', async () => {
    for (const partition of [0, 1, 2]) fill(source, 'orders', partition, 30)
    let producers = 0
    const started = start({
      onProducer: (producer) => {
        producers += 1
        if (producers === 1) producer.hold()
      }
    })
    await until(
      'the sends',
      () => (started.producers[0]?.outstandingRecords() ?? 0) + started.consumer.heldRecords() >= 60
    )
    started.producers[0]?.deliver(4)
    started.producers[0]?.hold()
    fatal(started)
    await until('everything', () => [0, 1, 2].every((partition) => committedOf(source, 'orders', partition) === 30))
    for (const partition of [0, 1, 2]) {
      expect(valuesOf(target, 'orders', partition)).toEqual(valuesOf(source, 'orders', partition))
    }
    expect(started.producers).toHaveLength(2)
    expect(eventsOf(started, 'producer-remade')).toHaveLength(1)
    expect(started.failures).toEqual([])
  })

  it('is asked for again until there is one', async () => {
    fill(source, 'orders', 0, 5)
    let attempts = 0
    const started = start({
      options: {
        createProducer: async (): Promise<BatchProducer> => {
          await Promise.resolve()
          attempts += 1
          if (attempts < 2) throw new MillraceError({ code: 'MR_CONNECT', kind: 'retry', message: 'nobody there' })
          return new FakeProducer(target)
        }
      }
    })
    fatal(started)
    await until('the copy', () => committedOf(source, 'orders', 0) === 5)
    expect(attempts).toBe(2)
  })

  it('and can not be made for good ends the mirror with the reason', async () => {
    const reason = new MillraceError({ code: 'MR_AUTHENTICATION', kind: 'authentication', message: 'wrong password' })
    const started = start({
      options: {
        createProducer: async () => {
          await Promise.resolve()
          throw reason
        }
      }
    })
    fatal(started)
    await until('the end', () => started.failures.length > 0)
    expect(started.failures).toEqual([reason])
  })

  it('while a partition was refused loses nothing of the others', async () => {
    for (const partition of [0, 1, 2]) fill(source, 'orders', partition, 40)
    const started = start(refusing('0:0'))
    await until('the others', () => committedOf(source, 'orders', 1) === 40 && committedOf(source, 'orders', 2) === 40)
    expect(target.records('orders', 0)).toEqual([])
    expect(started.failures).toEqual([])
  })
})

describe('an earlier seek that ends late', () => {
  it('does not move a partition that was set back further meanwhile', async () => {
    fill(source, 'orders', 0, 200)
    let producers = 0
    const started = start({
      options: { inFlightBytes: 30_000, pollBytes: 8000 },
      onProducer: (producer) => {
        producers += 1
        if (producers === 1) producer.hold()
      }
    })
    started.consumer.maxRecords = 10
    const seek = started.consumer.seek.bind(started.consumer)
    let seeks = 0
    started.consumer.seek = async (position, timeoutMs) => {
      seeks += 1
      if (seeks === 1) await new Promise((resolve) => setTimeout(resolve, 300))
      await seek(position, timeoutMs)
    }
    // Held back for a second, then dropped: the first seek is on its way when the producer fails.
    await until('the first seek', () => seeks === 1)
    fatal(started)
    await until('everything', () => committedOf(source, 'orders', 0) === 200)
    expect(valuesOf(target, 'orders', 0)).toEqual(valuesOf(source, 'orders', 0))
  })
})

describe('a source that fails', () => {
  it('at one partition stops that one where it is', async () => {
    for (const partition of [0, 1, 2]) fill(source, 'orders', partition, 10)
    source.removeBefore('orders', 2, 4)
    const started = start({ prepared: (of) => ({ ...of, start: 0 }) })
    await until('the others', () => committedOf(source, 'orders', 0) === 10 && committedOf(source, 'orders', 1) === 10)
    await until('the stop', () => eventsOf(started, 'partition-stopped').length === 1)
    expect(started.mirror.status().partitions[2]).toMatchObject({ state: 'stopped', checkpoint: 0 })
  })

  it('as a whole ends the mirror, which still gives everything back', async () => {
    fill(source, 'orders', 0, 10)
    const started = start()
    await until('delivery', () => target.records('orders', 0).length === 10)
    started.consumer.poll = async () => {
      await Promise.resolve()
      throw new MillraceError({ code: 'MR_POLL_FAILED', kind: 'client', message: 'broken' })
    }
    await until('the end', () => started.failures.length === 1)
    await expect(started.mirror.stop(100)).resolves.toEqual([])
    expect(started.consumer.heldRecords()).toBe(0)
  })
})

describe('a target partition that takes nothing', () => {
  it('keeps only its own source partition waiting', async () => {
    for (const partition of [0, 1, 2]) fill(source, 'orders', partition, 100)
    const stuck = new FakeCluster()
    stuck.createTopic('orders', 3)
    const started = start({
      options: { inFlightBytes: 30_000, pollBytes: 8000 },
      onProducer: (producer) => {
        const send = producer.send.bind(producer)
        const silent = new FakeProducer(stuck)
        silent.hold()
        producer.send = async (payload, to) => await (to.partition === 0 ? silent : { send }).send(payload, to)
      }
    })
    await until(
      'the others',
      () => committedOf(source, 'orders', 1) === 100 && committedOf(source, 'orders', 2) === 100
    )
    expect(committedOf(source, 'orders', 0)).toBe(0)
    expect(started.mirror.status().inFlightBytes).toBeLessThan(30_000)
  })
})
