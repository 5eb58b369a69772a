import { afterAll, beforeAll, expect, it } from 'vitest'
import { readPairs } from '../../../src/job/pairs/read-pairs.ts'
import { type PairedPartition, sourceOf } from '../../../src/job/pairs/pair-block.ts'
import { PairStore } from '../../../src/job/pairs/pair-store.ts'
import type { Verification } from '../../../src/verify/verify-types.ts'
import { administer, createTopic, endOffsets, readRecords, startWriting, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { type CliResult, runCli } from '../../helpers/run-cli.ts'
import { isAlive } from '../faults/process-tree.ts'
import type { TestJob } from '../faults/test-job.ts'
import { RuleGround } from '../rules/rule-ground.ts'

// Offset pairs on real brokers: kept through kills, true to an independent reader, used and checked by `verify`.

const SECOND = 1000
const PARTITIONS = 4

async function verify(
  job: TestJob,
  flags: readonly string[] = []
): Promise<CliResult & { readonly verification: Verification }> {
  const end = await runCli(['verify', job.file, '-o', 'json', ...flags], { timeoutMs: 120_000 })
  return { ...end, verification: JSON.parse(end.stdout === '' ? '{}' : end.stdout) as Verification }
}

interface Found {
  readonly pairs: readonly {
    readonly source: { readonly topic: string; readonly partition: number; readonly offset: number }
    readonly target: { readonly topic: string; readonly partition: number; readonly offset: number }
  }[]
}

async function lookUp(job: TestJob, place: string, ...flags: string[]): Promise<Found> {
  const end = await runCli(['offsets', job.file, place, '-o', 'json', ...flags])
  expect(end, end.stderr).toMatchObject({ exitCode: 0 })
  return JSON.parse(end.stdout) as Found
}

describeWithBrokers('offset pairs', () => {
  let ground: RuleGround

  beforeAll(async () => {
    ground = await RuleGround.start({ source: '3.9.1', target: '3.9.1' })
  })
  afterAll(() => ground?.stop())

  it('survive kill -9 of worker and supervisor: every record has one, each is true', { timeout: 180_000 }, async () => {
    const topic = 'killed'
    await createTopic(ground.source, topic, PARTITIONS)
    const job = await ground.job(topic, {
      topics: { include: [topic], targetName: 'copy-of-killed' },
      stop: { at: 'never' },
      checkpoint: { interval: '300ms' },
      workers: 2
    })
    const writer = await startWriting({
      ...ground.source,
      topic,
      partitions: PARTITIONS,
      rate: 5000,
      seconds: 60,
      keys: 'sequence'
    })
    const copied = async (): Promise<number> => {
      const ends = await endOffsets(ground.target, 'copy-of-killed').catch(() => ({}))
      return Object.values(ends).reduce((sum: number, end) => sum + Number(end), 0)
    }
    const more = async (): Promise<void> => {
      const before = await copied()
      await expect.poll(copied, { timeout: 30 * SECOND }).toBeGreaterThan(before + 5000)
    }
    const first = job.start()
    await first.printed(/Worker 0 was given/)
    await more()
    first.signalWorker('SIGKILL')
    await more()
    const workers = first.workers()
    first.kill('SIGKILL')
    await expect.poll(() => workers.filter(isAlive), { timeout: 10 * SECOND }).toEqual([])
    await first.finished()
    const second = job.start()
    await more()
    second.signalWorker('SIGKILL')
    await more()
    await writer.stop()
    second.kill('SIGTERM')
    await second.finished()
    const end = await job.runToEnd()
    expect(end, end.stderr).toMatchObject({ exitCode: 0 })

    const full = await verify(job)
    expect(full, full.stderr).toMatchObject({ exitCode: 0, verification: { equal: true } })
    const [found] = full.verification.topics
    expect(found?.notes).toEqual([])
    expect(found?.pairs?.checked).toBeGreaterThanOrEqual(full.verification.records)
    expect(found?.pairs?.differing.count).toBe(0)
    const sample = await verify(job, ['--sample', '200'])
    expect(sample, sample.stderr).toMatchObject({ exitCode: 0, verification: { records: 200 } })
    expect(sample.verification.topics[0]?.pairs?.checked).toBeGreaterThanOrEqual(200)

    // What a client that isn't ours finds there.
    const ends = await endOffsets(ground.source, topic)
    for (let look = 0; look < 12; look++) {
      const partition = look % PARTITIONS
      const offset = Math.floor(((ends[String(partition)] ?? 1) - 1) * ((look * 0.377) % 1))
      const { pairs } = await lookUp(job, `${topic}-${partition}@${offset}`)
      expect(pairs.length).toBeGreaterThan(0)
      const [record] = await readRecords(ground.source, topic, { partition, offset, count: 1 })
      for (const { target } of pairs) {
        expect(target).toMatchObject({ topic: 'copy-of-killed', partition })
        const [copy] = await readRecords(ground.target, target.topic, { ...target, count: 1 })
        expect(copy).toEqual({ ...record, offset: target.offset })
        const back = await lookUp(job, `${target.topic}-${target.partition}@${target.offset}`, '--reverse')
        expect(back.pairs).toMatchObject([{ source: { topic, partition, offset } }])
      }
    }
  })

  it('that are false are found, named with both offsets', { timeout: 120_000 }, async () => {
    const topic = 'false-pairs'
    await createTopic(ground.source, topic, 1)
    await writeRecords({ ...ground.source, topic, records: 5000 })
    const job = await ground.job(topic, { topics: { include: [topic] } })
    const run = await job.run()
    expect(run, run.stderr).toMatchObject({ exitCode: 0 })
    const kept: PairedPartition[] = []
    await readPairs(ground.stateDir(topic), (of) => void kept.push(of))
    // An undisturbed copy: one run. The first record of a producer goes alone, and is joined with the rest.
    expect(kept.map(({ runs }) => runs)).toEqual([[0, 0, 0, 5000]])
    const store = new PairStore({
      stateDir: ground.stateDir(topic),
      onTrouble: (error) => {
        throw error
      }
    })
    await store.open()
    for (const of of kept) {
      const generation = store.begin({ ...sourceOf(of), ...of.topics, isAnew: false })
      expect(generation).toBe(of.generation)
      await store.keep([{ ...sourceOf(of), generation, runs: [0, 2000, 3000, 7] }])
    }
    await store.close()
    const end = await verify(job)
    expect(end, end.stderr).toMatchObject({ exitCode: 3, verification: { equal: false } })
    const place = { topic, partition: 0 }
    expect(end.verification.topics[0]).toMatchObject({
      equal: 5000,
      differences: { lost: { count: 0 }, altered: { count: 0 } },
      pairs: {
        checked: 5007,
        differing: { count: 7 }
      }
    })
    expect(end.verification.topics[0]?.pairs?.differing.first[0]).toMatchObject({
      source: { ...place, offset: 2000 },
      target: { ...place, offset: 3000 }
    })
    expect(end.verification.topics[0]?.pairs?.differing.first[0]?.altered?.map(({ part }) => part)).toContain('value')
    const table = await runCli(['verify', job.file])
    expect(table.stdout).toContain('pair differs: source false-pairs-0@2000, target false-pairs-0@3000: ')
  })

  it('of a topic that was made again are not used for the new one', { timeout: 120_000 }, async () => {
    const topic = 'made-again'
    await createTopic(ground.source, topic, 1)
    await writeRecords({ ...ground.source, topic, records: 1000, seed: 1 })
    const job = await ground.job(topic, { topics: { include: [topic] } })
    const run = await job.run()
    expect(run, run.stderr).toMatchObject({ exitCode: 0 })
    expect((await verify(job)).verification.topics[0]?.pairs?.checked).toBe(1000)
    await administer(ground.target, 'delete_topic', { topic })
    const again = await job.run(['--reset'])
    expect(again, again.stderr).toMatchObject({ exitCode: 0 })
    const end = await verify(job)
    expect(end, end.stderr).toMatchObject({ exitCode: 0 })
    expect(end.verification.topics[0]).toMatchObject({ pairs: { checked: 1000, differing: { count: 0 } }, notes: [] })
    const { pairs } = await lookUp(job, `${topic}-0@500`)
    expect(pairs).toMatchObject([{ earlierCopy: true }, { earlierCopy: false, target: { offset: 500 } }])

    // Made again behind the job's back.
    await administer(ground.target, 'delete_topic', { topic })
    await createTopic(ground.target, topic, 1)
    await writeRecords({ ...ground.target, topic, records: 1000, seed: 2 })
    const behind = await verify(job)
    expect(behind.verification.topics[0]?.pairs).toBeUndefined()
    expect(behind.verification.topics[0]?.notes.join()).toContain('belong to earlier topics')
  })
})
