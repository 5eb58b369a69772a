import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { administer, committedOffsets, createTopic, endOffsets, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import type { TestJob } from '../faults/test-job.ts'
import { expectRefusal, planOf, RuleGround, TRUE_COPY } from './rule-ground.ts'

// Where a copy begins, and where the next run of the same job goes on.

const HOUR_MS = 3_600_000
/** Records of each of the two partitions of `numbered`. */
const EACH = 100
/** Between a record and the next one of the other partition. */
const STEP_MS = 1000
const FIRST_TIME = Date.now() - HOUR_MS

describeWithBrokers('start', () => {
  let ground: RuleGround

  beforeAll(async () => {
    ground = await RuleGround.start({ source: '3.9.1', target: '3.9.1' })
    await createTopic(ground.source, 'numbered', 2)
    await writeRecords({
      ...ground.source,
      topic: 'numbered',
      partitions: 2,
      records: 2 * EACH,
      timestamps: { first: FIRST_TIME, step: STEP_MS }
    })
  })
  afterAll(() => ground?.stop())

  /** A job that copies `numbered` to a topic of its own. */
  const jobFrom = async (name: string, start: object) =>
    await ground.job(name, { topics: { include: ['numbered'], targetName: name }, start })
  const isoTime = (time: number): string => new Date(time).toISOString()

  describe.concurrent('from', () => {
    it('earliest: everything; the next run copies nothing twice; --reset copies again and says so', async () => {
      const job = await jobFrom('earliest', { from: 'earliest' })
      const first = await job.run()
      expect(first, first.stderr).toMatchObject({
        exitCode: 0,
        summary: {
          name: 'earliest',
          state: 'COMPLETED',
          records: 2 * EACH,
          bytes: 2 * EACH * 100,
          altered: 0,
          partitions: [0, 1].map((partition) => ({
            topic: 'numbered',
            partition,
            from: 0,
            to: EACH,
            records: EACH,
            target: { topic: 'earliest', partition }
          }))
        }
      })
      expect(await ground.compare([['numbered', 'earliest']])).toMatchObject({ ...TRUE_COPY, targetRecords: 2 * EACH })

      const second = await job.run()
      expect(second, second.stderr).toMatchObject({
        exitCode: 0,
        summary: {
          state: 'COMPLETED',
          records: 0,
          partitions: [
            { from: EACH, to: EACH },
            { from: EACH, to: EACH }
          ]
        }
      })
      expect(await ground.compare([['numbered', 'earliest']])).toMatchObject(TRUE_COPY)

      const again = await job.run(['--reset'])
      expect(again, again.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 2 * EACH } })
      expect(again.stderr).toMatch(/MR_RESET.*up to 200 records of numbered are copied again/)
      expect(await ground.compare([['numbered', 'earliest']])).toMatchObject({
        ...TRUE_COPY,
        equal: false,
        duplicate: 2 * EACH
      })
    })

    it('latest: nothing from before; what comes after the first start, also between two runs', async () => {
      await createTopic(ground.source, 'late', 2)
      await writeRecords({ ...ground.source, topic: 'late', partitions: 2, records: 60 })
      const job = await ground.job('latest', {
        topics: { include: ['late'], targetName: 'latest' },
        start: { from: 'latest' }
      })
      const first = await job.run()
      expect(first, first.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 0 } })
      expect((await committedOffsets(ground.source, 'latest'))['late']).toMatchObject({
        0: { offset: 30 },
        1: { offset: 30 }
      })
      await writeRecords({ ...ground.source, topic: 'late', partitions: 2, records: 40, firstSequence: 60 })
      const second = await job.run()
      expect(second, second.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 40 } })
      expect(second.stderr).toMatch(/MR_START_IGNORED.*start: latest is not used/)
      const from = { late: { 0: 30, 1: 30 } }
      expect(await ground.compare([['late', 'latest']], { from })).toMatchObject({ ...TRUE_COPY, targetRecords: 40 })
    })

    it('latest: what is written while it runs', async () => {
      await createTopic(ground.source, 'live', 1)
      await writeRecords({ ...ground.source, topic: 'live', records: 30 })
      const job = await ground.job('live', {
        topics: { include: ['live'] },
        start: { from: 'latest' },
        stop: { at: 'never' }
      })
      const run = job.start()
      await run.printed(/Worker 0 was given live-0/)
      await writeRecords({ ...ground.source, topic: 'live', records: 20, firstSequence: 30 })
      await expect.poll(() => endOffsets(ground.target, 'live'), { timeout: 20_000 }).toEqual({ 0: 20 })
      run.kill('SIGTERM')
      const end = await run.finished()
      expect(end, end.stderr).toMatchObject({ exitCode: 143, summary: { state: 'STOPPED', records: 20 } })
      expect(await ground.compare([['live', 'live']], { from: { live: { 0: 30 } } })).toMatchObject(TRUE_COPY)
    })

    it('committed: refused without commits, from there with them', async () => {
      const job = await jobFrom('committed', { from: 'committed' })
      await expectRefusal(job, 'MR_NO_COMMITS', /group committed has no committed offsets/)
      const offsets = { 0: 30, 1: 70 }
      await administer(ground.source, 'commit_offsets', { group: 'committed', topic: 'numbered', offsets })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({
        exitCode: 0,
        summary: {
          state: 'COMPLETED',
          records: 100,
          partitions: [
            { from: 30, to: EACH },
            { from: 70, to: EACH }
          ]
        }
      })
      const from = { numbered: offsets }
      expect(await ground.compare([['numbered', 'committed']], { from })).toMatchObject(TRUE_COPY)
    })

    it.each([
      { at: 'in-the-middle', time: FIRST_TIME + 101 * STEP_MS, from: [51, 50] },
      { at: 'between-two-records', time: FIRST_TIME + 100 * STEP_MS + 1, from: [51, 50] },
      { at: 'before-the-first', time: FIRST_TIME - 24 * HOUR_MS, from: [0, 0] },
      { at: 'after-the-last', time: FIRST_TIME + HOUR_MS / 2, from: [EACH, EACH] }
    ])('timestamp: $at', async ({ at, time, from: [first = 0, second = 0] }) => {
      const job = await jobFrom(`time-${at}`, { from: 'timestamp', time: isoTime(time) })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({
        exitCode: 0,
        summary: {
          state: 'COMPLETED',
          records: 2 * EACH - first - second,
          partitions: [
            { from: first, to: EACH },
            { from: second, to: EACH }
          ]
        }
      })
      const from = { numbered: { 0: first, 1: second } }
      expect(await ground.compare([['numbered', `time-${at}`]], { from })).toMatchObject(TRUE_COPY)
    })

    it('offsets: those given, and the first record of the other partitions', async () => {
      const job = await jobFrom('offsets', { from: 'offsets', offsets: { numbered: { 0: 42 } } })
      const planned = await planOf(job)
      expect(planned.plan.topics[0]?.partitions).toMatchObject([
        { start: 42, startReason: 'offsets', records: 58 },
        { start: 0, startReason: 'earliest', records: EACH }
      ])
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 58 + EACH } })
      const from = { numbered: { 0: 42 } }
      expect(await ground.compare([['numbered', 'offsets']], { from })).toMatchObject(TRUE_COPY)
    })

    it('offsets outside the log are refused', async () => {
      const job = await jobFrom('beyond', { from: 'offsets', offsets: { numbered: { 1: 101 } } })
      await expectRefusal(job, 'MR_START_OFFSET_RANGE', /101 of numbered-1 is not in the log, which has 0 to 100/)
    })

    it('offsets of a partition that does not exist are refused', async () => {
      const job = await jobFrom('no-such-partition', { from: 'offsets', offsets: { numbered: { 2: 0 } } })
      await expectRefusal(job, 'MR_START_OFFSET_UNKNOWN', /partition 2 of numbered, which has partitions 0 to 1/)
    })
  })

  describe.concurrent('going on', () => {
    const loaded = async (topic: string): Promise<void> => {
      await createTopic(ground.source, topic)
      await writeRecords({ ...ground.source, topic, records: 60 })
    }

    it('where records were deleted before they were copied: the range is named; accepted, it goes on behind it', async () => {
      await loaded('overtaken')
      const job = await ground.job('overtaken', { topics: { include: ['overtaken'] } })
      expect(await job.run()).toMatchObject({ exitCode: 0, summary: { records: 60 } })
      await writeRecords({ ...ground.source, topic: 'overtaken', records: 40, firstSequence: 60 })
      await administer(ground.source, 'delete_records', { topic: 'overtaken', before: { 0: 75 } })
      await expectStopped(job, 'MR_LOSS', /LOSS: offsets 60 to 74 of overtaken-0 were deleted at the source/)

      const accepted = await job.run(['--set', 'topics.settings.overtaken.onLoss=continue'])
      expect(accepted, accepted.stderr).toMatchObject({
        exitCode: 0,
        summary: { state: 'COMPLETED', records: 25, partitions: [{ from: 75, to: 100 }] }
      })
      expect(accepted.stderr).toMatch(/MR_LOSS.*offsets 60 to 74 of overtaken-0/)
      const request = { from: { overtaken: { 0: 75 } }, targetFrom: { overtaken: { 0: 60 } } }
      expect(await ground.compare([['overtaken', 'overtaken']], request)).toMatchObject(TRUE_COPY)
    })

    it('in a topic that was cut off below the commits: stopped, and from its first record where that is accepted', async () => {
      await loaded('cut-off')
      await administer(ground.source, 'commit_offsets', { group: 'cut-off', topic: 'cut-off', offsets: { 0: 100 } })
      const job = await ground.job('cut-off', { topics: { include: ['cut-off'] } })
      await expectStopped(job, 'MR_LOSS', /LOSS: copying has come to offset 100 of cut-off-0, which ends at 60/)
      const accepted = await job.run(['--set', 'topics.settings.cut-off.onLoss=continue'])
      expect(accepted, accepted.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 60 } })
      expect(await ground.compare([['cut-off', 'cut-off']])).toMatchObject(TRUE_COPY)
    })

    it('in a topic that was made again: refused, not taken for copied', async () => {
      await loaded('anew')
      const job = await ground.job('anew', { topics: { include: ['anew'] } })
      expect(await job.run()).toMatchObject({ exitCode: 0, summary: { records: 60 } })
      await administer(ground.source, 'delete_topic', { topic: 'anew' })
      await loaded('anew')
      // Kafka drops the commits with the topic.
      await expectRefusal(job, 'MR_COMMITS_GONE', /somebody deletes the group or its topics/)
    })

    it('without the commits of the run before: refused until it is reset', async () => {
      await loaded('forgotten')
      const job = await ground.job('forgotten', { topics: { include: ['forgotten'] }, start: { from: 'latest' } })
      expect(await job.run()).toMatchObject({ exitCode: 0, summary: { records: 0 } })
      await writeRecords({ ...ground.source, topic: 'forgotten', records: 5, firstSequence: 60 })
      const forget = () => administer(ground.source, 'delete_group', { group: 'forgotten' })
      // The member of the run before stays for its session time-out.
      await expect.poll(() => forget().then(() => 'gone', String), { timeout: 30_000 }).toBe('gone')
      await expectRefusal(job, 'MR_COMMITS_GONE', /group forgotten has no committed offsets any more/)
      const reset = await job.run(['--reset', '--set', 'start.from=earliest'])
      expect(reset, reset.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 65 } })
      expect(await ground.compare([['forgotten', 'forgotten']])).toMatchObject(TRUE_COPY)
    })

    it('from the first record that is left, where the beginning was deleted, also where nothing is left', async () => {
      await loaded('shortened')
      await loaded('emptied')
      await administer(ground.source, 'delete_records', { topic: 'shortened', before: { 0: 20 } })
      await administer(ground.source, 'delete_records', { topic: 'emptied', before: { 0: 60 } })
      const job = await ground.job('shortened', { topics: { include: ['emptied', 'shortened'] } })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({
        exitCode: 0,
        summary: {
          state: 'COMPLETED',
          records: 40,
          partitions: [
            { from: 60, to: 60 },
            { from: 20, to: 60 }
          ]
        }
      })
      expect(await ground.compare([['shortened', 'shortened']])).toMatchObject(TRUE_COPY)
      expect(await job.run()).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 0 } })
    })
  })

  it('the comparison sees where a copy was begun too late', async () => {
    expect(await ground.compare([['numbered', 'offsets']])).toMatchObject({ equal: false, lost: 42 })
  })
})

/** The plan warns of it, and in a run the partition stops: nothing is left to copy, so the job has failed. */
async function expectStopped(job: TestJob, code: string, message: RegExp): Promise<void> {
  const planned = await planOf(job)
  expect(planned.plan).toMatchObject({
    refusals: [],
    warnings: [{ code, message: expect.stringMatching(message) as unknown }]
  })
  expect(planned.exitCode, planned.stderr).toBe(0)
  const run = await job.run()
  expect(run, run.stderr).toMatchObject({
    exitCode: 1,
    summary: { state: 'FAILED', records: 0, losses: [{ code, outcome: 'stopped' }], partitions: [{ state: 'stopped' }] }
  })
  expect(run.stderr).toMatch(message)
}
