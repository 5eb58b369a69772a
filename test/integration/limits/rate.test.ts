import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from '../faults/cluster-pair.ts'
import { ControlOf } from './control-of.ts'

// limits.rate is what is copied in a second, within 5 % over 10 s, whatever the records.

const SPAN_MS = 10_000
const MIB = 1024 * 1024

describeWithBrokers('a rate limit', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  const start = async (
    name: string,
    load: { readonly records: number; readonly size: number },
    settings: Readonly<Record<string, unknown>>
  ) => {
    await pair.createSourceTopic(name, 4)
    await writeRecords({ ...pair.sourceCluster, topic: name, partitions: 4, ...load })
    const job = await pair.job(name, { topics: { include: [name] }, stop: { at: 'end' }, ...settings })
    const run = job.start()
    const control = new ControlOf(job)
    await expect
      .poll(async () => (await control.status().catch(() => undefined))?.records ?? 0, { timeout: 30_000 })
      .toBeGreaterThan(0)
    return { job, run, control }
  }
  const expectWithin5Percent = (measured: number, wanted: number) => {
    expect(measured / wanted).toBeGreaterThan(0.95)
    expect(measured / wanted).toBeLessThan(1.05)
  }

  it('of bytes is met, shown as what limits, and a change counts at once', async () => {
    const { run, control } = await start(
      'bytes',
      { records: 60_000, size: 1000 },
      { limits: { rate: { bytes: '600kB' } } }
    )
    expectWithin5Percent((await control.measure(SPAN_MS)).bytes, 600_000)
    const { limits, rate, lag } = await control.status()
    expect(limits.rate).toBeGreaterThan(0.8 * (limits.source + limits.mirror + limits.target + limits.rate))
    expect(rate).toEqual({ bytes: 600_000, records: null })
    expect(lag).toBeGreaterThan(1000)

    expect(await control.run('rate', '--bytes', '1.5MB')).toMatchObject({ exitCode: 0 })
    expectWithin5Percent((await control.measure(SPAN_MS)).bytes, 1_500_000)
    await control.run('rate', '--bytes', 'unlimited')
    const end = await run.finished()
    expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 60_000 } })
    expect(await pair.compare(['bytes'])).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it('of records is met, also over two workers', async () => {
    const { run, control } = await start(
      'records',
      { records: 150_000, size: 100 },
      { limits: { rate: { records: 3000 } }, workers: 2 }
    )
    await run.printed(/Worker 1 was given/)
    await control.measure(5000)
    // Two workers tell half a second apart, which is an error of the measurement.
    expectWithin5Percent((await control.measure(2 * SPAN_MS)).records, 3000)
    await control.run('rate', '--records', 'unlimited')
    expect(await run.finished()).toMatchObject({ exitCode: 0, summary: { records: 150_000 } })
    expect(await pair.compare(['records'])).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it('is met by batches that take seconds, and members stay in their group meanwhile', async () => {
    const { job, run, control } = await start(
      'large',
      { records: 200, size: 50_000 },
      { limits: { rate: { bytes: '200kB' } } }
    )
    expectWithin5Percent((await control.measure(SPAN_MS)).bytes, 200_000)
    const before = await pair.members(job.groupId)
    // One record is worth ten seconds.
    await control.run('rate', '--bytes', '5kB')
    await control.measure(SPAN_MS + 5000)
    expect(await pair.members(job.groupId)).toEqual(before)
    expect(run.count(/gave back|crashed/), run.stderr).toBe(0)
    await control.run('rate', '--bytes', String(100 * MIB))
    expect(await run.finished()).toMatchObject({ exitCode: 0, summary: { records: 200 } })
    expect(await pair.compare(['large'])).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })
})
