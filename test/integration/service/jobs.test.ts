import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from '../faults/cluster-pair.ts'
import { childrenOf, isAlive } from '../faults/process-tree.ts'
import { RemoteService } from './remote-service.ts'

// The job service on real brokers: the whole way of a job, and kill -9 of the service while jobs run under load.

const ANNA = { who: 'anna' }
const LONG_MS = 360_000

describeWithBrokers('the job service', () => {
  let pair: ClusterPair
  const services: RemoteService[] = []
  const directories: string[] = []

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(async () => {
    for (const service of services.splice(0)) {
      const left = [...service.processes().flatMap(childrenOf), ...service.processes()]
      await service.kill()
      for (const pid of left.filter(isAlive)) process.kill(pid, 'SIGKILL')
    }
    await pair?.endProcesses()
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })
  afterAll(() => pair?.stop())

  const directory = async () => {
    const made = await mkdtemp(join(tmpdir(), 'mrs-'))
    directories.push(made)
    return made
  }
  const start = async (in_: string) => {
    const service = await RemoteService.start(in_)
    services.push(service)
    return service
  }
  const connect = async (service: RemoteService) => {
    for (const side of ['source', 'target'] as const) {
      const input = { bootstrapServers: pair[side].bootstrapServers }
      await service.connections.put(side, input, {}, ANNA)
    }
  }
  const yaml = (name: string, topic = name) =>
    `name: ${name}\nsource: { connection: source }\ntarget: { connection: target }\n` +
    `topics: { include: [${topic}] }\ncheckpoint: { interval: 500ms }\n`
  const running = async (service: RemoteService, name: string, topic = name) => {
    await service.jobs.put(name, { config: yaml(name, topic) }, {}, ANNA)
    await service.jobs.submit(name, ANNA)
    await service.jobs.start(name, {}, ANNA)
    await reaches(service, name, 'RUNNING')
  }
  const reaches = async (service: RemoteService, name: string, state: string) => {
    await expect.poll(async () => (await service.jobs.get(name)).state, { timeout: 60_000, interval: 250 }).toBe(state)
  }
  const delivered = async (service: RemoteService, name: string) => {
    const { items } = await service.jobs.partitions(name, {})
    return new Map(items.map(({ partition, to }) => [partition, to ?? 0]))
  }

  it(
    'create, preview, submit, start, watch, pause, change, kill -9, restart: it goes on as it was, nothing is lost',
    { timeout: LONG_MS },
    async () => {
      const data = await directory()
      const first = await start(data)
      await connect(first)
      expect(await first.connections.test({ name: 'source' }, ANNA)).toMatchObject({ ok: true })
      await pair.createSourceTopic('whole', 3)
      const load = await pair.startLoad({ topic: 'whole', partitions: 3, rate: 2000, size: 200 })
      expect((await first.connections.topics('source', { search: 'whol' })).items).toMatchObject([
        { name: 'whole', partitions: 3, replicationFactor: 1, internal: false }
      ])
      expect(await first.jobs.preview({ config: yaml('whole') })).toMatchObject({
        ok: true,
        progress: 'fresh',
        mapping: [{ source: 'whole', target: 'whole', action: 'create', sourcePartitions: 3 }]
      })
      await running(first, 'whole')
      await expect.poll(() => pair.copied('whole'), { timeout: 30_000 }).toBeGreaterThan(1000)
      expect(await first.jobs.get('whole')).toMatchObject({
        sentence: expect.stringMatching(/^Copying 1 topic; /) as unknown,
        partitions: { total: 3, stopped: 0 }
      })

      expect(await first.jobs.pause('whole', { topic: 'whole', partition: 1 }, ANNA)).toMatchObject({
        paused: { partitions: [{ topic: 'whole', partition: 1 }] }
      })
      expect(await first.jobs.changeLive('whole', { rate: { records: 100_000 } }, ANNA)).toMatchObject({
        rateLimit: { bytes: null, records: 100_000 }
      })
      await sleep(1500)
      const before = await delivered(first, 'whole')
      const orphans = first.processes()
      await first.kill()
      const second = await start(data)
      await reaches(second, 'whole', 'RUNNING')
      expect(await second.jobs.get('whole')).toMatchObject({
        paused: { partitions: [{ topic: 'whole', partition: 1 }] },
        rateLimit: { bytes: null, records: 100_000 },
        runningRevision: 1
      })
      expect(orphans.filter(isAlive)).toEqual([])
      await expect
        .poll(async () => (await delivered(second, 'whole')).get(0), { timeout: 30_000 })
        .toBeGreaterThan((before.get(0) ?? 0) + 500)
      expect((await delivered(second, 'whole')).get(1) ?? before.get(1)).toBe(before.get(1))

      await second.jobs.resume('whole', {}, ANNA)
      await load.stop()
      await pair.allCommitted('whole', 'whole')
      await second.jobs.stop('whole', {}, ANNA)
      await reaches(second, 'whole', 'STOPPED')
      expect(await pair.compare(['whole'], { group: 'whole' })).toMatchObject(NOTHING_LOST)

      await second.close()
    }
  )

  it('begins again at the first record when somebody confirms what that means, and once', async () => {
    const data = await directory()
    const service = await start(data)
    await connect(service)
    await pair.createSourceTopic('again', 2)
    const load = await pair.startLoad({ topic: 'again', partitions: 2, rate: 1000, size: 100 })
    await expect.poll(() => pair.written('again'), { timeout: 30_000 }).toBeGreaterThan(500)
    await load.stop()
    await running(service, 'again')
    const written = await pair.written('again')
    await expect.poll(() => pair.copied('again'), { timeout: 60_000 }).toBe(written)
    await service.jobs.stop('again', {}, ANNA)
    await reaches(service, 'again', 'STOPPED')

    // What that means is said before, and wants a word.
    const preview = await service.jobs.previewStart('again', { from: 'earliest' })
    expect(preview).toMatchObject({ resets: true, progress: 'reset', again: written, records: written })
    await expect(service.jobs.start('again', { from: 'earliest' }, ANNA)).rejects.toMatchObject({
      code: 'MR_SERVICE_CONFIRM'
    })
    await service.jobs.start('again', { from: 'earliest', confirm: 'again' }, ANNA)
    await expect.poll(() => pair.copied('again'), { timeout: 60_000 }).toBe(2 * written)
    await service.close()
    const next = await start(data)
    await reaches(next, 'again', 'RUNNING')
    await sleep(3000)
    expect(await pair.copied('again')).toBe(2 * written)
    await next.close()
  })

  it('a process of a job that is killed is started again, and so is the one that asks clusters', async () => {
    const service = await start(await directory())
    await connect(service)
    await pair.createSourceTopic('crash', 2)
    const load = await pair.startLoad({ topic: 'crash', partitions: 2, rate: 1000, size: 100 })
    await running(service, 'crash')
    for (const pid of service.processes()) process.kill(pid, 'SIGKILL')
    await expect
      .poll(async () => (await service.jobs.get('crash')).failovers.count, { timeout: 20_000, interval: 250 })
      .toBe(1)
    await reaches(service, 'crash', 'RUNNING')
    expect(await service.jobs.plan('crash')).toMatchObject({ ok: true, progress: 'resume' })
    await load.stop()
    await pair.allCommitted('crash', 'crash')
    await service.close()
    expect(await pair.compare(['crash'], { group: 'crash' })).toMatchObject(NOTHING_LOST)
  })

  it(
    'two services with the same job share its topics, and one goes on when the other is killed',
    { timeout: LONG_MS },
    async () => {
      const services_ = [await start(await directory()), await start(await directory())]
      await pair.createSourceTopic('shared', 4)
      const load = await pair.startLoad({ topic: 'shared', partitions: 4, rate: 1000, size: 100 })
      for (const service of services_) {
        await connect(service)
        await running(service, 'shared')
      }
      await expect.poll(() => pair.shares('shared'), { timeout: 60_000, interval: 500 }).toEqual([2, 2])
      const [one, other] = services_
      await one?.kill()
      // A member that is static keeps its partitions until its session has ended.
      await expect.poll(() => pair.shares('shared'), { timeout: 90_000, interval: 1000 }).toEqual([4])
      await load.stop()
      await pair.allCommitted('shared', 'shared')
      await other?.close()
      expect(await pair.compare(['shared'], { group: 'shared' })).toMatchObject(NOTHING_LOST)
    }
  )

  it('a second service is refused the directory, and one that was killed leaves it free', async () => {
    const data = await directory()
    const first = await start(data)
    await expect(RemoteService.start(data)).rejects.toMatchObject({
      code: 'MR_SERVICE_RUNNING',
      message: expect.stringContaining(String(first.pid)) as unknown
    })
    await first.kill()
    await (await start(data)).close()
  })
})
