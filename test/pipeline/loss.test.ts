import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseCommitMetadata } from '../../src/model/commit-metadata.ts'
import type { LossPolicy } from '../../src/model/loss.ts'
import type { OffsetRange } from '../../src/model/offset-range.ts'
import type { TopicPartition } from '../../src/model/topic-partition.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { committedOf, eventsOf, fill, startMirror, until, valuesOf, GROUP } from './mirror-under-test.ts'
import type { MirrorSetting, MirrorUnderTest } from './mirror-under-test.ts'

const at = { topic: 'orders', partition: 0 }
const reason = { code: 'MR_LOSS', message: 'gone', next: 'decide', place: {} }

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
  for (const { mirror } of running) await mirror.stop(0)
})

function start(setting: Partial<MirrorSetting> = {}): MirrorUnderTest {
  const started = startMirror({ source, target, ...setting })
  running.push(started)
  return started
}

const stateOf = ({ mirror }: MirrorUnderTest, partition: number) =>
  mirror.status().partitions.find((status) => status.partition === partition)

describe('what a commit says', () => {
  it('has the ids of both topics, and up to where the target acknowledged', async () => {
    fill(source, 'orders', 0, 10)
    fill(target, 'orders', 0, 7)
    const metadata = { topicId: 'AAAA', targetId: 'BBBB' }
    const { mirror } = start({ prepared: (partition) => ({ ...partition, metadata }) })
    await until('the commit', () => committedOf(source, 'orders', 0) === 10)
    expect(parseCommitMetadata(source.committed(GROUP).get('orders-0')?.metadata)).toEqual({
      ...metadata,
      target: { partition: 0, end: 17 }
    })
    expect(mirror.status().delivered).toEqual([{ ...at, offset: 17 }])
  })
})

describe('a partition whose supervisor says that something was lost', () => {
  it('stops for that reason, and the others go on', async () => {
    const under = start()
    await until('both', () => under.mirror.status().partitions.length === 2)
    under.mirror.stopPartitions([{ ...at, reason }])
    fill(source, 'orders', 0, 5)
    fill(source, 'orders', 1, 5)
    await until('the other', () => committedOf(source, 'orders', 1) === 5)
    expect(stateOf(under, 0)).toMatchObject({ state: 'stopped', reason, idle: true })
    expect(valuesOf(target, 'orders', 0)).toEqual([])
    expect(eventsOf(under, 'partition-stopped')).toHaveLength(1)
    under.mirror.stopPartitions([{ ...at, reason }])
    expect(eventsOf(under, 'partition-stopped')).toHaveLength(1)
  })

  it('begins where it is told to when it is taken again', async () => {
    fill(source, 'orders', 0, 20)
    const begin: { at?: number } = {}
    const under = start({
      prepared: (partition) =>
        begin.at === undefined ? partition : { ...partition, start: begin.at, committed: false }
    })
    await until('the commit', () => committedOf(source, 'orders', 0) === 20)
    begin.at = 5
    under.mirror.reassign([at])
    await until('a copy of the rest', () => valuesOf(target, 'orders', 0).length === 35)
    expect(valuesOf(target, 'orders', 0).slice(20)).toEqual(valuesOf(source, 'orders', 0).slice(5))
    await until('the commit again', () => committedOf(source, 'orders', 0) === 20)
    expect(stateOf(under, 0)).toMatchObject({ state: 'copying', position: 20 })
  })
})

describe('a partition whose position is no longer in the log', () => {
  it('waits for the supervisor, who knows its exact position', async () => {
    fill(source, 'orders', 0, 10)
    const doubts: TopicPartition[] = []
    const under = start({ options: { onDoubt: (partition) => doubts.push(partition) } })
    await until('the commit', () => committedOf(source, 'orders', 0) === 10)
    under.consumer.pause([at])
    fill(source, 'orders', 0, 10)
    source.removeBefore('orders', 0, 15)
    under.consumer.resume([at])
    await until('the doubt', () => doubts.length === 1)
    expect(stateOf(under, 0)).toMatchObject({ state: 'copying', position: 10, idle: true })
    under.mirror.reassign([at])
    await until('another', () => doubts.length === 2)
    under.mirror.stopPartitions([{ ...at, reason }])
    expect(stateOf(under, 0)).toMatchObject({ state: 'stopped', checkpoint: 10 })
  })
})

describe('a hole in a topic that has none', () => {
  const withPolicy = (policy: LossPolicy) => {
    const holes: OffsetRange[] = []
    fill(source, 'orders', 0, 5)
    source.skip('orders', 0, 2)
    fill(source, 'orders', 0, 5)
    const under = start({ options: { gapless: { orders: policy }, onHole: (_, hole) => holes.push(hole) } })
    return { under, holes }
  }

  it('is where the partition stops', async () => {
    const { under, holes } = withPolicy('stop')
    await until('the commit', () => committedOf(source, 'orders', 0) === 5)
    expect(holes).toEqual([{ from: 5, to: 7 }])
    expect(valuesOf(target, 'orders', 0)).toEqual(valuesOf(source, 'orders', 0).slice(0, 5))
    under.mirror.stopPartitions([{ ...at, reason }])
    expect(stateOf(under, 0)).toMatchObject({ state: 'stopped', checkpoint: 5 })
  })

  it('is named and passed where that is accepted', async () => {
    const { holes } = withPolicy('continue')
    await until('the commit', () => committedOf(source, 'orders', 0) === 12)
    expect(holes).toEqual([{ from: 5, to: 7 }])
    expect(valuesOf(target, 'orders', 0)).toEqual(valuesOf(source, 'orders', 0))
  })
})
