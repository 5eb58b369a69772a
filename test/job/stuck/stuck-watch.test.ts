import { beforeEach, describe, expect, it } from 'vitest'
import type { TopicLookup } from '../../../src/client/types.ts'
import type { PartitionProgress } from '../../../src/job/job-progress.ts'
import { StuckWatch, type StuckWatchOptions } from '../../../src/job/stuck/stuck-watch.ts'
import { NOTHING_PAUSED, type Pauses } from '../../../src/model/pauses.ts'
import type { JobEvent } from '../../../src/telemetry/events.ts'
import { NO_SECONDS } from '../../../src/telemetry/metrics/limit-clock.ts'
import { progressOf } from '../../cli/fake-job.ts'

const SECOND = 1000

let partitions: PartitionProgress[]
let pauses: Pauses
let events: JobEvent[]
let watch: StuckWatch
let asked: string[]
let highWatermark: number
let targetLeader: number
let answers: boolean

const lookupOf = (topic: string, leader: number): TopicLookup => ({
  found: true,
  description: { topic, topicId: undefined, internal: false, partitions: [{ leader, replicas: 3, inSyncReplicas: 1 }] }
})

async function answer<T>(what: string, value: T): Promise<T> {
  asked.push(what)
  if (answers) return value
  return await new Promise<T>(() => undefined)
}

beforeEach(() => {
  partitions = [progressOf({ to: 100, position: 100, end: 150 })]
  pauses = NOTHING_PAUSED
  events = []
  asked = []
  highWatermark = 0
  targetLeader = 1
  answers = true
  const options: StuckWatchOptions = {
    source: {
      describeTopics: async (topics) =>
        await answer('source', new Map(topics.map((topic) => [topic, lookupOf(topic, 1)]))),
      listOffsets: async (of) => await answer('offsets', new Map(of.map(() => ['orders-0', highWatermark] as const)))
    },
    target: {
      describeTopics: async (topics) =>
        await answer('target', new Map(topics.map((topic) => [topic, lookupOf(topic, targetLeader)]))),
      describeTopicConfigs: async (topics) => {
        const minimum = { value: '2', isDefault: false, isTopicOverride: true }
        return await answer(
          'configs',
          new Map(topics.map((topic) => [topic, new Map([['min.insync.replicas', minimum]])]))
        )
      }
    },
    policy: 'same',
    partitions: () => partitions,
    pauses: () => pauses,
    workersReady: () => true,
    limits: () => ({ ...NO_SECONDS, source: 1 }),
    onEvent: (event) => events.push(event)
  }
  watch = new StuckWatch(options)
})

/** As the job does: a look every three seconds. */
async function lookUntil(from: number, to: number): Promise<void> {
  for (let at = from; at <= to; at += 3 * SECOND) await watch.look(at)
}
const codes = (): string[] => watch.stuck.map(({ reason }) => reason.code)

describe('the watch for stuck partitions', () => {
  it('says nothing before 15 s without progress, and asks nobody', async () => {
    await lookUntil(0, 12 * SECOND)
    expect(watch.stuck).toEqual([])
    expect(asked.filter((what) => what !== 'offsets')).toEqual([])
    await watch.look(15 * SECOND)
    expect(watch.stuck).toMatchObject([{ topic: 'orders', partition: 0, lag: 50, seconds: 15 }])
    expect(codes()).toEqual(['MR_STUCK_SOURCE'])
  })

  it('forgets a partition that makes progress', async () => {
    await lookUntil(0, 15 * SECOND)
    partitions = [progressOf({ to: 101, position: 101, end: 150 })]
    await lookUntil(18 * SECOND, 30 * SECOND)
    expect(watch.stuck).toEqual([])
  })

  it('asks nobody about what is caught up, stopped or elsewhere', async () => {
    partitions = [
      progressOf({ partition: 0, to: 150, end: 150 }),
      progressOf({ partition: 1, state: 'stopped' }),
      progressOf({ partition: 2, state: 'revoked' }),
      progressOf({ partition: 3, state: 'completed' })
    ]
    await lookUntil(0, 60 * SECOND)
    expect(watch.stuck).toEqual([])
    expect(new Set(asked)).toEqual(new Set(['offsets']))
  })

  it('finds what the target lacks: a leader, in-sync replicas', async () => {
    partitions = [progressOf({ to: 100, position: 130, end: 150 })]
    await lookUntil(0, 15 * SECOND)
    expect(codes()).toEqual(['MR_STUCK_TARGET_ISR'])
    targetLeader = -1
    await watch.look(18 * SECOND)
    expect(codes()).toEqual(['MR_STUCK_TARGET_LEADER'])
  })

  it('finds an open transaction behind which records wait, and its end', async () => {
    partitions = [progressOf({ to: 150, position: 150, end: 150 })]
    highWatermark = 170
    await lookUntil(0, 30 * SECOND)
    expect(watch.stuck).toMatchObject([{ lag: 20, reason: { code: 'MR_STUCK_TRANSACTION' } }])
    highWatermark = 150
    await lookUntil(33 * SECOND, 45 * SECOND)
    expect(watch.stuck).toEqual([])
  })

  it('asks no cluster about what the user has paused', async () => {
    pauses = { ...NOTHING_PAUSED, topics: ['orders'] }
    await lookUntil(0, 15 * SECOND)
    expect(codes()).toEqual(['MR_STUCK_PAUSED'])
    expect(asked.filter((what) => what !== 'offsets')).toEqual([])
  })

  it('tells a reason with all that it holds, once a minute at most', async () => {
    partitions = [0, 1, 2].map((partition) => progressOf({ partition, position: 100 }))
    pauses = { ...NOTHING_PAUSED, partitions: [{ topic: 'orders', partition: 2 }] }
    await lookUntil(0, 45 * SECOND)
    expect(events).toEqual([
      expect.objectContaining({
        type: 'stuck',
        partitions: [
          { topic: 'orders', partition: 0 },
          { topic: 'orders', partition: 1 }
        ]
      }),
      expect.objectContaining({ type: 'stuck', partitions: [{ topic: 'orders', partition: 2 }] })
    ])
  })

  it('goes on without the answers of a cluster that is away', { timeout: 20_000 }, async () => {
    partitions = [progressOf({ to: 100, position: 130, end: 150 })]
    await lookUntil(0, 12 * SECOND)
    answers = false
    await watch.look(15 * SECOND)
    expect(watch.stuck[0]?.reason.message).toContain('the target does not say why')
  })
})
