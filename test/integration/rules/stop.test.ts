import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  administer,
  committedOffsets,
  createTopic,
  endOffsets,
  startWriting,
  writeRecords
} from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { RuleGround, TRUE_COPY } from './rule-ground.ts'

// Where a copy ends, and that the next run of the same job copies nothing twice.

const HOUR_MS = 3_600_000

describeWithBrokers('stop', () => {
  let ground: RuleGround

  beforeAll(async () => {
    ground = await RuleGround.start({ source: '3.9.1', target: '3.9.1' })
  })
  afterAll(() => ground?.stop())

  const copied = async (topic: string): Promise<number> =>
    Object.values(await endOffsets(ground.target, topic)).reduce((sum, end) => sum + end, 0)

  describe.concurrent('at', () => {
    it.each([
      { signal: 'SIGTERM', exitCode: 143 },
      { signal: 'SIGINT', exitCode: 130 }
    ] as const)('never, until $signal: drained and committed; the next run copies nothing twice', async (end) => {
      const { signal, exitCode } = end
      const topic = `until-${signal}`
      await createTopic(ground.source, topic, 3)
      const writer = await startWriting({ ...ground.source, topic, partitions: 3, records: 0, rate: 2000 })
      const job = await ground.job(topic, { topics: { include: [topic] }, stop: { at: 'never' } })
      const run = job.start()
      await run.printed(new RegExp(`Worker 0 was given .*${topic}-0`))
      await expect.poll(() => copied(topic), { timeout: 30_000 }).toBeGreaterThan(1000)
      run.kill(signal)
      const stopped = await run.finished()
      expect(stopped, stopped.stderr).toMatchObject({ exitCode, signal: null, summary: { state: 'STOPPED' } })
      expect(stopped.summary.records).toBe(await copied(topic))
      const { [topic]: committed = {} } = await committedOffsets(ground.source, topic)
      for (const { partition, to } of stopped.summary.partitions) expect(committed[partition]?.offset).toBe(to)

      const { records } = await writer.stop()
      expect(records).toBeGreaterThan(stopped.summary.records)
      // The job was stopped early: a comparison that found nothing now could not fail.
      const pairs = [[topic, topic]] as const
      expect(await ground.compare(pairs)).toMatchObject({ equal: false, lost: records - stopped.summary.records })
      const rest = await job.runToEnd()
      expect(rest, rest.stderr).toMatchObject({
        exitCode: 0,
        summary: { state: 'COMPLETED', records: records - stopped.summary.records }
      })
      expect(await ground.compare(pairs, { group: topic })).toMatchObject({ ...TRUE_COPY, targetRecords: records })
    })

    it('end: behind aborted, open and no transactions, in empty partitions and empty topics', async () => {
      const transactional = { ...ground.source, kind: 'transactional', partitions: 3 } as const
      // Partition 3 stays empty; the last transaction of the others is aborted.
      await createTopic(ground.source, 'tail.aborted', 4)
      await writeRecords({ ...transactional, topic: 'tail.aborted', records: 300, perTransaction: 100, abortEvery: 3 })
      await createTopic(ground.source, 'tail.nothing-else', 3)
      await writeRecords({
        ...transactional,
        topic: 'tail.nothing-else',
        records: 30,
        perTransaction: 10,
        abortEvery: 1
      })
      await createTopic(ground.source, 'tail.empty', 2)
      await createTopic(ground.source, 'tail.plain', 2)
      await writeRecords({ ...ground.source, topic: 'tail.plain', partitions: 2, records: 100 })
      // Last: a minute later the broker ends the open transaction.
      await createTopic(ground.source, 'tail.open', 3)
      await writeRecords({ ...transactional, topic: 'tail.open', records: 300, abortEvery: 2, leaveOpen: true })

      const topics = ['tail.aborted', 'tail.empty', 'tail.nothing-else', 'tail.open', 'tail.plain']
      const job = await ground.job('tails', { topics: { include: ['/^tail\\..+/'] } })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
      expect([...new Set(run.summary.partitions.map(({ topic }) => topic))]).toEqual(topics)
      for (const topic of topics) {
        // What a reader of committed records is told: the markers of transactions are below it.
        const ends = await endOffsets(ground.source, topic)
        const reached = run.summary.partitions.filter((partition) => partition.topic === topic)
        expect(Object.fromEntries(reached.map(({ partition, to }) => [partition, to]))).toEqual(ends)
      }
      const pairs = topics.map((topic) => [topic, topic] as const)
      const comparison = await ground.compare(pairs, { group: 'tails' })
      expect(comparison).toMatchObject(TRUE_COPY)
      expect(run.summary.records).toBe(comparison.targetRecords)

      const again = await job.run()
      expect(again, again.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 0 } })
    })

    it('end: what is written meanwhile is left to the next run', async () => {
      await createTopic(ground.source, 'moving', 2)
      await writeRecords({ ...ground.source, topic: 'moving', partitions: 2, records: 1000 })
      const writer = await startWriting({
        ...ground.source,
        topic: 'moving',
        partitions: 2,
        records: 0,
        rate: 500,
        firstSequence: 1000
      })
      const job = await ground.job('moving', { topics: { include: ['moving'] } })
      const run = await job.run()
      const { records } = await writer.stop()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
      expect(run.summary.records).toBeGreaterThanOrEqual(1000)
      expect(run.summary.records).toBeLessThan(1000 + records)
      const to = { moving: Object.fromEntries(run.summary.partitions.map(({ partition, to }) => [partition, to])) }
      expect(await ground.compare([['moving', 'moving']], { to })).toMatchObject(TRUE_COPY)
    })

    it('a time that has passed: the records before it', async () => {
      const first = Date.now() - HOUR_MS
      await createTopic(ground.source, 'past', 2)
      const timestamps = { first, step: 1000 }
      await writeRecords({ ...ground.source, topic: 'past', partitions: 2, records: 200, timestamps })
      const at = new Date(first + 101_000).toISOString()
      const job = await ground.job('past', { topics: { include: ['past'] }, stop: { at } })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({
        exitCode: 0,
        summary: {
          state: 'COMPLETED',
          records: 101,
          partitions: [
            { from: 0, to: 51 },
            { from: 0, to: 50 }
          ]
        }
      })
      const to = { past: { 0: 51, 1: 50 } }
      expect(await ground.compare([['past', 'past']], { to })).toMatchObject(TRUE_COPY)
    })

    it('a time that comes while it runs: every record before it, none after it', async () => {
      // Partition 2 stays empty and is complete all the same.
      await createTopic(ground.source, 'soon', 3)
      const writer = await startWriting({ ...ground.source, topic: 'soon', partitions: 2, records: 0, rate: 500 })
      const time = Date.now() + 8000
      const job = await ground.job('soon', {
        topics: { include: ['soon'] },
        stop: { at: new Date(time).toISOString() }
      })
      const run = await job.run()
      const endedAt = Date.now()
      await writer.stop()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
      expect(endedAt).toBeGreaterThan(time)
      const atTime = await administer<Record<string, number>>(ground.source, 'list_offsets', {
        topic: 'soon',
        at: time
      })
      expect(atTime).toMatchObject({ 0: expect.any(Number) as unknown, 2: -1 })
      const reached = Object.fromEntries(run.summary.partitions.map(({ partition, to }) => [partition, to]))
      expect(reached).toEqual({ ...atTime, 2: 0 })
      expect(run.summary.records).toBeGreaterThan(0)
      expect(await ground.compare([['soon', 'soon']], { to: { soon: reached } })).toMatchObject(TRUE_COPY)
      expect(await ground.compare([['soon', 'soon']])).toMatchObject({ equal: false, phantom: 0, altered: 0 })
    })
  })
})
