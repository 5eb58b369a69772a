import { mkdtemp, open, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { administer, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { runCli } from '../../helpers/run-cli.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import type { JobRun, TestJob } from './test-job.ts'

// The faults Q5, T1, T2, T3 and T5: what was lost is noticed within one check, named, and stops what it concerns only.

const SECOND = 1000
/** One check, the answers that it takes, and a machine that is busy. */
const NOTICED_MS = 9 * SECOND

describeWithBrokers('loss', () => {
  let pair: ClusterPair
  /** Of the source broker. */
  let directory: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-loss-'))
    pair = await ClusterPair.start({ source: { directory } })
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  const jobOf = async (...topics: string[]): Promise<TestJob> =>
    await pair.job(topics[0] ?? '', { topics: { include: topics }, checkpoint: { interval: '500ms' } })
  const write = (topic: string, records: number, firstSequence = 0, partitions = 1) =>
    writeRecords({ ...pair.sourceCluster, topic, partitions, records, firstSequence })
  const loaded = async (topic: string, partitions = 1): Promise<void> => {
    await pair.createSourceTopic(topic, partitions)
    await write(topic, 100 * partitions, 0, partitions)
  }
  const copied = (topic: string, records: number) =>
    expect.poll(() => pair.copied(topic), { timeout: 30 * SECOND, interval: 200 }).toBe(records)
  const ended = async (run: JobRun) => {
    run.kill('SIGTERM')
    return await run.finished()
  }

  it('DeleteRecords overtakes a paused partition: the range is exact, its neighbour goes on; accepted, it goes on, too', async () => {
    const topic = 'overtaken'
    await loaded(topic, 2)
    const job = await jobOf(topic)
    const run = job.start()
    await copied(topic, 200)
    expect(await runCli(['control', job.file, 'pause', `${topic}/0`])).toMatchObject({ exitCode: 0 })
    await write(topic, 200, 200, 2)
    await copied(topic, 300)
    await administer(pair.sourceCluster, 'delete_records', { topic, before: { 0: 150 } })
    await run.printed(/overtaken-0 stops, MR_LOSS: LOSS: offsets 100 to 149 of overtaken-0 were deleted/, NOTICED_MS)
    await write(topic, 20, 400, 2)
    await copied(topic, 310)
    const end = await ended(run)
    expect(end, end.stderr).toMatchObject({
      exitCode: 143,
      summary: {
        losses: [{ topic, partition: 0, code: 'MR_LOSS', outcome: 'stopped', lost: { from: 100, to: 150 } }],
        partitions: [
          { partition: 0, state: 'stopped', to: 100 },
          { partition: 1, state: 'copying', to: 210 }
        ]
      }
    })

    // The commit has stayed where it was: the next start sees it as well, and has nothing else to do.
    const again = await job.runToEnd()
    expect(again, again.stderr).toMatchObject({
      exitCode: 1,
      summary: { state: 'FAILED', records: 0, losses: [{ lost: { from: 100, to: 150 } }] }
    })
    const accepted = await job.run(['--set', 'stop.at=end', '--set', 'onLoss=continue'])
    expect(accepted, accepted.stderr).toMatchObject({
      exitCode: 0,
      summary: { records: 60, losses: [{ outcome: 'continued', lost: { from: 100, to: 150 } }] }
    })
    const left = { from: { [topic]: { 0: 150 } }, targetFrom: { [topic]: { 0: 100 } } }
    expect(await pair.compare([topic], left)).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it('where it is accepted, a running partition jumps to what is left', async () => {
    const topic = 'jumps'
    await loaded(topic)
    const job = await jobOf(topic)
    const run = job.start(['--set', `topics.settings.${topic}.onLoss=continue`])
    await copied(topic, 100)
    await runCli(['control', job.file, 'pause', topic])
    await write(topic, 100, 100)
    await administer(pair.sourceCluster, 'delete_records', { topic, before: { 0: 150 } })
    await run.printed(/jumps-0 goes on, MR_LOSS: LOSS: offsets 100 to 149 of jumps-0/, NOTICED_MS)
    await runCli(['control', job.file, 'resume'])
    await copied(topic, 150)
    expect(await ended(run)).toMatchObject({
      exitCode: 143,
      summary: { records: 150, losses: [{ outcome: 'continued', lost: { from: 100, to: 150 } }] }
    })
  })

  it('a topic that is deleted is DELETED, the others go on; a copy with an end fails for it', async () => {
    await loaded('kept')
    await loaded('dropped')
    const job = await jobOf('kept', 'dropped')
    const run = job.start()
    await copied('kept', 100)
    await copied('dropped', 100)
    await administer(pair.sourceCluster, 'delete_topic', { topic: 'dropped' })
    await run.printed(/dropped-0 stops, MR_TOPIC_DELETED: LOSS: topic dropped was deleted/, NOTICED_MS)
    await write('kept', 50, 100)
    await copied('kept', 150)
    const end = await ended(run)
    expect(end, end.stderr).toMatchObject({
      exitCode: 143,
      summary: {
        losses: [{ topic: 'dropped', code: 'MR_TOPIC_DELETED' }],
        partitions: [
          { topic: 'dropped', state: 'deleted' },
          { topic: 'kept', state: 'copying', to: 150 }
        ]
      }
    })
  })

  it.each([
    ['shorter', 10],
    ['longer', 500]
  ])('a topic that is made again, %s, stops before what is new is taken for its continuation', async (how, records) => {
    const topic = `again-${how}`
    await loaded(topic)
    const job = await jobOf(topic)
    const run = job.start()
    await copied(topic, 100)
    await run.printed(/was given/)
    await administer(pair.sourceCluster, 'delete_topic', { topic })
    await pair.createSourceTopic(topic)
    await write(topic, records, 1000)
    await run.printed(/again-\w+-0 stops, MR_TOPIC_(?:REMADE|DELETED)/, NOTICED_MS)
    const end = await ended(run)
    const [loss] = end.summary.losses
    expect(loss, end.stderr).toMatchObject({ topic, outcome: 'stopped' })
    // Whatever of the new topic was written before that is named.
    const more = (await pair.copied(topic)) - 100
    if (more > 0) expect(loss?.writtenSince).toEqual({ from: 100, to: 100 + more })

    // Kafka has dropped the commits with the topic, so the next start has to be told what to do.
    expect(await job.runToEnd()).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('MR_COMMITS_GONE') })
    const accepted = await job.run(['--set', 'stop.at=end', '--reset'])
    expect(accepted, accepted.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records } })
    const whole = { targetFrom: { [topic]: { 0: 100 + more } } }
    expect(await pair.compare([topic], whole)).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it('a target topic that is deleted stops its source, and is made again only where that is accepted', async () => {
    await loaded('stays')
    await loaded('target-gone')
    const job = await jobOf('stays', 'target-gone')
    const run = job.start()
    await copied('target-gone', 100)
    await copied('stays', 100)
    await administer(pair.targetCluster, 'delete_topic', { topic: 'target-gone' })
    await run.printed(/target-gone-0 stops, MR_TARGET_DELETED/, NOTICED_MS)
    await write('target-gone', 50, 100)
    await write('stays', 50, 100)
    await copied('stays', 150)
    const end = await ended(run)
    expect(end.summary.losses, end.stderr).toMatchObject([{ topic: 'target-gone', code: 'MR_TARGET_DELETED' }])

    const again = await job.runToEnd()
    expect(again, again.stderr).toMatchObject({ exitCode: 1, summary: { losses: [{ code: 'MR_TARGET_DELETED' }] } })
    expect(await administer(pair.targetCluster, 'list_topics')).not.toHaveProperty('target-gone')
    const accepted = await job.run(['--set', 'stop.at=end', '--set', 'onLoss=continue'])
    expect(accepted, accepted.stderr).toMatchObject({ exitCode: 0, summary: { records: 50 } })
    await copied('target-gone', 50)
  })

  it('a hole in a topic that is declared to have none stops it there; accepted, it is named and passed', async () => {
    const topic = 'holed'
    await pair.createSourceTopic(topic)
    await write(topic, 20)
    // The control record of a transaction takes an offset.
    await writeRecords({ ...pair.sourceCluster, topic, kind: 'transactional', records: 20, perTransaction: 20 })
    await write(topic, 20, 20)
    const job = await pair.job(topic, {
      topics: { include: [topic], settings: { [topic]: { transactional: false } } },
      stop: { at: 'end' }
    })
    const stopped = await job.run()
    expect(stopped, stopped.stderr).toMatchObject({
      exitCode: 1,
      summary: { state: 'FAILED', losses: [{ code: 'MR_LOSS', outcome: 'stopped' }] }
    })
    const hole = stopped.summary.losses[0]?.lost
    expect(await pair.copied(topic)).toBe(hole?.from)
    const accepted = await job.run(['--set', 'onLoss=continue'])
    expect(accepted, accepted.stderr).toMatchObject({
      exitCode: 0,
      summary: { state: 'COMPLETED', losses: [{ outcome: 'continued', lost: hole }] }
    })
    expect(await pair.compare([topic])).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it('a batch that is damaged at the source stops its partition at its offset, and nothing behind it is copied', async () => {
    const topic = 'damaged'
    await pair.createSourceTopic(topic, 2)
    for (const first of [0, 20, 40]) await write(topic, 20, first, 2)
    await damage(join(directory, 'log', `${topic}-0`, '00000000000000000000.log'), 10)
    const job = await jobOf(topic)
    const end = await job.runToEnd()
    expect(end, end.stderr).toMatchObject({
      exitCode: 1,
      summary: {
        state: 'FAILED',
        partitions: [
          { partition: 0, state: 'stopped', to: 10, records: 10 },
          { partition: 1, state: 'completed', records: 30 }
        ]
      }
    })
    expect(end.stderr).toMatch(/damaged-0 stopped, MR_SOURCE_PARTITION: .*_BAD_MSG/)
  })
})

/** Changes a byte of the batch that begins at this offset, as a bad disk would. */
async function damage(segment: string, baseOffset: number): Promise<void> {
  const bytes = await readFile(segment)
  let at = 0
  while (Number(bytes.readBigInt64BE(at)) < baseOffset) at += 12 + bytes.readInt32BE(at + 8)
  expect(Number(bytes.readBigInt64BE(at))).toBe(baseOffset)
  const spot = at + 12 + bytes.readInt32BE(at + 8) - 10
  const file = await open(segment, 'r+')
  await file.write(Buffer.of((bytes[spot] ?? 0) ^ 0xff), 0, 1, spot)
  await file.close()
}

describe('loss, before topics had ids', () => {
  describeWithBrokers('Kafka 2.7.2', () => {
    let pair: ClusterPair

    beforeAll(async () => {
      pair = await ClusterPair.start({ source: { version: '2.7.2' } })
    })
    afterEach(() => pair?.endProcesses())
    afterAll(() => pair?.stop())

    it.each([
      ['shorter', 10],
      ['longer', 500]
    ])('a topic that is made again, %s, is noticed by its log', async (topic, records) => {
      await pair.createSourceTopic(topic)
      const write = (count: number) => writeRecords({ ...pair.sourceCluster, topic, records: count })
      await write(100)
      const job = await pair.job(topic, { topics: { include: [topic] }, checkpoint: { interval: '500ms' } })
      const run = job.start()
      await expect.poll(() => pair.copied(topic), { timeout: 30 * SECOND }).toBe(100)
      await administer(pair.sourceCluster, 'delete_topic', { topic })
      await pair.createSourceTopic(topic)
      await write(records)
      await run.printed(/-0 stops, MR_(?:LOSS|TOPIC_REMADE|TOPIC_DELETED)/, NOTICED_MS)
      run.kill('SIGTERM')
      expect((await run.finished()).summary.losses).toHaveLength(1)
    })
  })
})
