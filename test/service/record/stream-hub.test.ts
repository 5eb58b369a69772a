import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Alarm, Job, JobListItem, PartitionRow, StreamMessage } from '../../../src/api/contract.ts'
import { StreamHub } from '../../../src/service/record/stream-hub.ts'
import type { Streamed, StreamRequest } from '../../../src/service/service-port.ts'

const row = (partition: number, records = 0): PartitionRow => ({
  topic: 'orders',
  partition,
  target: 'dr.orders',
  state: 'copying',
  from: 0,
  to: records,
  end: null,
  lag: null,
  records,
  recordsPerSecond: 0,
  bytesPerSecond: 0,
  reason: null
})
const alarm = (id: number) => ({ type: 'alarm', alarm: { id } as Alarm }) as const
const event = (id: number, job = 'dr') =>
  ({ type: 'event', job, event: { id, at: 0, level: 'info', type: 'x', text: '' } }) as const
const line = (id: number, level: 'info' | 'debug' = 'info') => ({ id, at: 0, level, message: '', attributes: {} })

describe('the stream', () => {
  let asked: string[]
  let rows: PartitionRow[]
  let hub: StreamHub
  const aborts: AbortController[] = []

  beforeEach(() => {
    vi.useFakeTimers()
    asked = []
    rows = [row(0), row(1)]
    const ask = <T>(what: string, answer: T): T => {
      asked.push(what)
      return answer
    }
    hub = new StreamHub({
      view: {
        names: () => ['dr'],
        item: (name) => ask('item', { name } as JobListItem),
        job: (name) => (name === 'dr' ? ask('job', { name } as Job) : undefined),
        partitions: () => ask('partitions', rows)
      },
      health: () => ask('health', { status: 'ok', version: '1', reasons: [] } as const)
    })
  })
  afterEach(() => {
    for (const abort of aborts) abort.abort()
    hub.close()
    vi.useRealTimers()
  })

  /** Takes what comes at once, and ends when nothing more does. */
  function listen(request: Partial<StreamRequest>) {
    const abort = new AbortController()
    aborts.push(abort)
    const iterator = hub.listen({ jobs: false, partitions: false, ...request }, abort.signal)
    const got: Streamed[] = []
    let isReading = false
    const read = async (): Promise<void> => {
      isReading = true
      for await (const one of iterator) {
        got.push(one)
        if (!isReading) break
      }
    }
    const take = async (): Promise<Streamed[]> => {
      if (!isReading) void read()
      await vi.advanceTimersByTimeAsync(0)
      return got.splice(0)
    }
    return { abort, iterator, take }
  }
  const types = (taken: readonly Streamed[]): StreamMessage['type'][] => taken.map(({ message }) => message.type)

  it('costs nothing while nobody listens: no timer, nothing is asked for', async () => {
    for (let n = 0; n < 100; n++) {
      hub.changed('dr')
      hub.happened(event(n))
    }
    hub.healthChanged()
    expect(vi.getTimerCount()).toBe(0)
    const { take, abort } = listen({ jobs: true })
    await take()
    abort.abort()
    expect(hub.listeners).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    asked = []
    hub.changed('dr')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).toEqual([])
  })

  it('says at first how things are, then once a second what has changed', async () => {
    const { take } = listen({ job: 'dr', partitions: true })
    expect(types(await take()).sort()).toEqual(['health', 'job', 'partitions'])
    await vi.advanceTimersByTimeAsync(5000)
    expect(await take()).toEqual([])
    rows = [row(0), row(1, 5)]
    for (let n = 0; n < 50; n++) hub.changed('dr')
    await vi.advanceTimersByTimeAsync(1000)
    const taken = await take()
    expect(types(taken)).toEqual(['job', 'partitions'])
    expect(taken[1]?.message).toMatchObject({ partitions: [rows[1]] })
  })

  it('makes each state once, however many listen, and sends all the same object', async () => {
    const listeners = Array.from({ length: 200 }, () => listen({ jobs: true, job: 'dr', partitions: true }))
    for (const { take } of listeners) await take()
    asked = []
    rows = [row(0, 1), row(1)]
    hub.changed('dr')
    await vi.advanceTimersByTimeAsync(1000)
    const messages = new Set<StreamMessage>()
    for (const { take } of listeners) for (const { message } of await take()) messages.add(message)
    expect(asked.sort()).toEqual(['item', 'job', 'partitions'])
    expect(messages.size).toBe(3)
  })

  it('gives one job only what is its own, and lines only of the level', async () => {
    const { take } = listen({ job: 'dr', log: 'info' })
    await take()
    hub.happened(event(1, 'other'))
    hub.happened(event(2))
    hub.logged('dr', line(1, 'debug'))
    hub.logged('dr', line(2))
    hub.logged('other', line(3))
    hub.happened(alarm(4))
    await vi.advanceTimersByTimeAsync(500)
    const taken = (await take()).map(({ message }) => message)
    expect(taken).toEqual([event(2), alarm(4), { type: 'log', job: 'dr', lines: [line(2)] }])
  })

  it('gives those who come back what they missed, in order and once', async () => {
    const first = listen({ job: 'dr', log: 'debug' })
    hub.happened(event(1))
    const last = (await first.take()).at(-1)?.id
    first.abort.abort()
    hub.happened(event(2))
    hub.logged('dr', line(7))
    await vi.advanceTimersByTimeAsync(500)
    hub.happened(alarm(3))
    const again = await listen({ job: 'dr', log: 'debug', ...(last !== undefined && { lastEventId: last }) }).take()
    expect(types(again).slice(0, 3)).toEqual(['event', 'log', 'alarm'])
    expect(types(again).slice(3).sort()).toEqual(['health', 'job'])
  })

  it.each([
    ['of another process', 'deadbeef-5'],
    ['of the future', ''],
    ['of nobody', '<script>']
  ])('tells those who come back with an id %s to read everything again', async (_, id) => {
    const { take, abort } = listen({ jobs: true })
    const known = (await take())[0]?.id ?? ''
    abort.abort()
    const lastEventId = id === '' ? known.replace(/\d+$/, '99') : id
    expect(types(await listen({ jobs: true, lastEventId }).take())[0]).toBe('reset')
  })

  it('tells those who were away too long, too; but not for lines that they do not listen to', async () => {
    const { take, abort } = listen({ job: 'dr' })
    const lastEventId = (await take())[0]?.id ?? ''
    abort.abort()
    for (let n = 0; n < 3000; n++) {
      hub.logged('dr', line(n))
      await vi.advanceTimersByTimeAsync(200)
    }
    expect(types(await listen({ job: 'dr', lastEventId }).take())).not.toContain('reset')
    expect(types(await listen({ job: 'dr', log: 'info', lastEventId }).take())[0]).toBe('reset')
  })

  it('does not keep for a slow listener more than a bound; it gets reset, then how things are', async () => {
    const { iterator } = listen({ job: 'dr' })
    await iterator.next()
    for (let n = 0; n < 100_000; n++) hub.happened(event(n))
    hub.changed('dr')
    await vi.advanceTimersByTimeAsync(1000)
    const taken: Streamed[] = []
    for (let n = 0; n < 3; n++) taken.push((await iterator.next()).value as Streamed)
    expect(taken[0]?.message.type).toBe('reset')
    expect(types(taken.slice(1)).sort()).toEqual(['health', 'job'])
    hub.happened(event(5))
    expect((await iterator.next()).value).toMatchObject({ message: event(5) })
  })

  it('never names in an id what was not delivered yet', async () => {
    const { iterator, abort } = listen({ job: 'dr' })
    const first = (await iterator.next()).value as Streamed
    hub.happened(event(1))
    hub.happened(event(2))
    const second = (await iterator.next()).value as Streamed
    abort.abort()
    for (const [id, missed] of [
      [first.id, [1, 2]],
      [second.id, [2]]
    ] as const) {
      const again = await listen({ job: 'dr', lastEventId: id }).take()
      const events = again.flatMap(({ message }) => (message.type === 'event' ? [message.event.id] : []))
      expect(events).toEqual(missed)
    }
  })

  it('lets go of a listener that is cut off while it does not listen', async () => {
    const { iterator, abort } = listen({ jobs: true })
    await iterator.next()
    expect(hub.listeners).toBe(1)
    abort.abort()
    expect(hub.listeners).toBe(0)
    await vi.advanceTimersByTimeAsync(0)
  })

  it('sends rows of thousands of partitions less often', async () => {
    rows = Array.from({ length: 5000 }, (_, n) => row(n))
    const { take } = listen({ job: 'dr', partitions: true })
    await take()
    let sent = 0
    for (let second = 0; second < 10; second++) {
      rows = rows.map((_, n) => row(n, second + 1))
      hub.changed('dr')
      await vi.advanceTimersByTimeAsync(1000)
      sent += types(await take()).filter((type) => type === 'partitions').length
    }
    expect(sent).toBe(2)
  })
})
