import { describe, expect, it } from 'vitest'
import { preparePartitions } from '../../src/job/prepare-partitions.ts'
import type { PrepareRules } from '../../src/job/prepare-partitions.ts'
import { FakeCluster } from '../control/fake-cluster.ts'

const partition = { topic: 'orders', partition: 0 }

async function prepared(source: FakeCluster, changes: Partial<PrepareRules> = {}) {
  const rules: PrepareRules = {
    groupId: 'copy',
    onLoss: () => 'stop',
    routeOf: (topic) => ({ source: topic, target: `dr.${topic}`, targetPartitions: 3 }),
    stopOf: () => undefined,
    stopBefore: undefined,
    now: 0,
    ...changes
  }
  const [first] = await preparePartitions(source, [partition], rules)
  return first
}

const logFrom = (logStart: number, end: number) => new FakeCluster('source').topic('orders', [{ logStart, end }])

describe('a partition begins', () => {
  it('where the group is', async () => {
    expect(await prepared(logFrom(2, 20).commit('orders', 0, 7))).toEqual({
      ...partition,
      target: 'dr.orders',
      targetPartitions: 3,
      start: 7,
      committed: true
    })
  })

  it.each([2, 20])('at a bound of the log (%d), when the group is there', async (offset) => {
    expect(await prepared(logFrom(2, 20).commit('orders', 0, offset))).toMatchObject({ start: offset, committed: true })
  })

  it('at its first record when the group has never seen it, to be committed first', async () => {
    const first = await prepared(logFrom(2, 20))
    expect(first).toMatchObject({ start: 2, committed: false })
    expect(first).not.toHaveProperty('refusal')
  })
})

describe('a partition whose committed offset is gone', () => {
  it.each([
    ['below the log', 1],
    ['beyond the log', 21]
  ])('because it is %s is refused by name', async (_, offset) => {
    expect(await prepared(logFrom(2, 20).commit('orders', 0, offset))).toMatchObject({
      refusal: { code: 'MR_LOSS', place: { cluster: 'source', topic: 'orders', partition: 0, offset } }
    })
  })

  it('goes on at the log start when that is what onLoss says', async () => {
    const first = await prepared(logFrom(2, 20).commit('orders', 0, 1), { onLoss: () => 'continue' })
    expect(first).toMatchObject({ start: 2, committed: false })
    expect(first).not.toHaveProperty('refusal')
  })
})

describe('what the commits of a partition say', () => {
  const withMetadata = (source: FakeCluster, metadata: string) => {
    source.commits.set('orders-0', { ...partition, offset: 7, metadata })
    return source
  }
  const targetIds = new Map([['dr.orders', 'BBBB']])

  it('is kept where both topics are the same', async () => {
    const source = withMetadata(logFrom(2, 20), 'millrace/1 tid=BBBB t=1@9')
    expect(await prepared(source, { targetIds })).toMatchObject({
      committed: true,
      metadata: { targetId: 'BBBB', target: { partition: 1, end: 9 } }
    })
  })

  it('is made anew where the target is another topic, which has acknowledged nothing', async () => {
    const first = await prepared(withMetadata(logFrom(2, 20), 'millrace/1 tid=AAAA t=1@9'), { targetIds })
    expect(first).toMatchObject({ start: 7, committed: false, metadata: { targetId: 'BBBB' } })
    expect(first?.metadata).not.toHaveProperty('target')
  })
})

describe('a partition ends', () => {
  it('where the job says', async () => {
    expect(await prepared(logFrom(0, 20), { stopOf: () => 12 })).toMatchObject({ stop: 12 })
  })

  it('at a time that may not have come yet', async () => {
    const first = await prepared(logFrom(0, 20), { stopBefore: 99 })
    expect(first).toMatchObject({ stopBefore: 99 })
    expect(first).not.toHaveProperty('stop')
  })
})

describe('what can not be told', () => {
  it('is an error to try again: nothing is guessed', async () => {
    const source = logFrom(0, 20)
    source.listOffsets = async () => await Promise.resolve(new Map())
    await expect(prepared(source)).rejects.toMatchObject({ code: 'MR_OFFSETS_UNKNOWN', kind: 'retry' })
  })
})
