import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BatchConsumer, RecordLoader } from '../../../src/client/types.ts'
import type { JobConfig } from '../../../src/config/job-config.ts'
import { loadJobConfig } from '../../../src/config/load-job-config.ts'
import { Bench, type BenchParts } from '../../../src/job/bench/bench.ts'
import type { BenchEvent, BenchPhase, BenchedJob, BenchSettings } from '../../../src/job/bench/bench-types.ts'
import type { Clusters } from '../../../src/job/connect-clusters.ts'
import { MillraceError } from '../../../src/model/millrace-error.ts'
import { FakeAdmin } from '../../client/fake-admin.ts'
import { FakeCluster } from '../../client/fake-cluster.ts'
import { FakeConsumer } from '../../client/fake-consumer.ts'
import { resultOf, snapshotOf } from '../../cli/fake-job.ts'

const SETTINGS: BenchSettings = {
  topic: 'scratch',
  records: 40,
  sizeBytes: 10,
  partitions: 2,
  payload: 'json',
  replicationFactor: undefined,
  latencySeconds: 0,
  latencyRate: 100
}

/** Two clusters in memory, and a job that copies from one to the other when it is run. */
class Ground {
  readonly source = new FakeCluster()
  readonly target = new FakeCluster()
  readonly admins = { source: new FakeAdmin(this.source, 'source'), target: new FakeAdmin(this.target, 'target') }
  readonly configs: JobConfig[] = []
  readonly calls: string[] = []
  readonly loaders = new Set<object>()
  onPhase: (phase: BenchPhase) => void = () => undefined
  copies: (records: number) => number = (records) => records
  jobFails: MillraceError | undefined
  loadFails: MillraceError | undefined

  readonly parts: BenchParts = {
    connect: async () => await Promise.resolve(this.#clusters()),
    createLoader: async () => await Promise.resolve(this.#loader()),
    createReader: async (_, groupId): Promise<BatchConsumer> =>
      await Promise.resolve(new FakeConsumer(this.target, groupId)),
    createJob: (config) => this.#job(config)
  }

  bench(settings: Partial<BenchSettings> = {}, sets: readonly string[] = []): Bench {
    const directory = mkdtempSync(join(tmpdir(), 'millrace-test-'))
    const file = join(directory, 'job.yaml')
    writeFileSync(
      file,
      'name: j\nsource: { bootstrapServers: "a:9092" }\ntarget: { bootstrapServers: "b:9092" }\ntopics: { include: [orders] }\n'
    )
    const config = loadJobConfig({ file, sets, env: {}, cwd: directory })
    rmSync(directory, { recursive: true })
    return new Bench(
      {
        config,
        settings: { ...SETTINGS, ...settings },
        resolveSecrets: (_, cluster) => cluster,
        onEvent: (event: BenchEvent) => {
          if (event.type === 'phase') this.onPhase(event.phase)
        }
      },
      this.parts
    )
  }

  #clusters(): Clusters {
    const settings = {
      security: { protocol: 'PLAINTEXT', verifyHostname: true },
      properties: {},
      clientId: 'j'
    } as const
    return {
      ...this.admins,
      settings: {
        source: { ...settings, cluster: 'source', bootstrapServers: 'a:9092' },
        target: { ...settings, cluster: 'target', bootstrapServers: 'b:9092' }
      },
      close: async () => await Promise.resolve()
    }
  }

  #loader(): RecordLoader {
    const loader = {
      write: (topic: string, partition: number, value: Buffer, timestamp: number) => {
        if (this.loadFails !== undefined) throw this.loadFails
        this.source.append(topic, partition, { value, timestamp })
        return true
      },
      flush: async () => await Promise.resolve(true),
      close: async () => {
        await Promise.resolve()
        this.loaders.delete(loader)
      }
    }
    this.loaders.add(loader)
    return loader
  }

  #job(config: JobConfig): BenchedJob {
    this.configs.push(config)
    const [from = ''] = config.topics.include
    const to = config.topics.overrides[from] ?? from
    let end: () => void = () => undefined
    let ended = false
    const stopped = new Promise<void>((resolve) => {
      end = () => {
        ended = true
        resolve()
      }
    })
    const copy = (): number => {
      let copied = 0
      for (const [partition, { records }] of this.source.topics().get(from)?.logs.entries() ?? []) {
        const have = this.target.records(to, partition).length
        const more = records.slice(have, this.copies(records.length))
        this.target.append(to, partition, ...more)
        copied += records.length
      }
      return copied
    }
    return {
      run: async () => {
        this.source.commit(config.source.groupId, { topic: from, partition: 0, offset: 1 })
        if (this.jobFails !== undefined) return resultOf('FAILED', { error: this.jobFails })
        if (config.stop.at === 'end') {
          await new Promise((resolve) => setTimeout(resolve, 5))
          return ended ? resultOf('STOPPED') : { ...resultOf('COMPLETED'), records: copy() }
        }
        const timer = setInterval(copy, 2)
        await stopped
        clearInterval(timer)
        return resultOf('STOPPED')
      },
      stop: () => {
        this.calls.push('stop')
        end()
      },
      kill: () => {
        this.calls.push('kill')
        end()
      },
      snapshot: () => snapshotOf()
    }
  }

  expectNothingLeft(): void {
    expect([...this.source.topics().keys()]).toEqual([])
    expect([...this.target.topics().keys()]).toEqual([])
    for (const { source, stateDir } of this.configs) {
      expect(this.source.committed(source.groupId)).toEqual(new Map())
      expect(existsSync(stateDir)).toBe(false)
    }
    expect(this.loaders.size).toBe(0)
  }
}

describe('Bench', () => {
  it('loads, copies, counts, and leaves nothing', async () => {
    const ground = new Ground()
    const { report, error } = await ground.bench().run()
    expect(error).toBeUndefined()
    expect(report).toMatchObject({
      state: 'COMPLETED',
      topic: 'scratch',
      targetTopic: 'scratch',
      load: { records: 40, bytes: 400 },
      copy: { equal: true, sourceRecords: 40, targetRecords: 40 },
      latency: null,
      latencyMissing: null,
      leftovers: []
    })
    expect(report.throughput?.recordsPerSecond).toBeGreaterThan(0)
    ground.expectNothingLeft()
  })

  it('gives its job the group, the state and the topics of the benchmark only', async () => {
    const ground = new Ground()
    const { report } = await ground.bench({ topic: undefined }, ['http.listen=127.0.0.1:1', 'start.from=latest']).run()
    expect(report.topic).toMatch(/^millrace-bench-[0-9a-f]{8}$/)
    const [config] = ground.configs
    expect(config).toMatchObject({
      source: { groupId: report.groupId },
      topics: { include: [report.topic], exclude: [], overrides: { [report.topic]: report.targetTopic } },
      start: { from: 'earliest' },
      stop: { at: 'end' },
      http: {}
    })
    expect(config?.stateDir).toMatch(/millrace-bench-/)
  })

  it('measures latency with a second run, from the timestamps of the source', async () => {
    const ground = new Ground()
    const { report } = await ground.bench({ latencySeconds: 0.3, latencyRate: 200 }).run()
    expect(report.latencyMissing).toBeNull()
    expect(report.latency?.records).toBeGreaterThan(20)
    expect(report.latency?.p50Ms).toBeLessThan(1000)
    expect(ground.configs.map(({ stop }) => stop.at)).toEqual(['end', 'never'])
    ground.expectNothingLeft()
  })

  it.each(['source', 'target'] as const)('refuses a topic that the %s has, and changes nothing', async (side) => {
    const ground = new Ground()
    ground[side].createTopic('scratch', 1)
    const { report, error } = await ground.bench().run()
    expect(error).toMatchObject({ code: 'MR_BENCH_TOPIC_EXISTS', kind: 'refused', place: { cluster: side } })
    expect(report).toMatchObject({ state: 'FAILED', load: null, leftovers: [] })
    expect([...ground[side].topics().keys()]).toEqual(['scratch'])
    expect(ground[side === 'source' ? 'target' : 'source'].topics().size).toBe(0)
  })

  it('deletes its source topic and not that of somebody who was quicker at the target', async () => {
    const ground = new Ground()
    const { createNewTopic } = ground.admins.target
    ground.admins.target.createNewTopic = async (topic) => {
      ground.target.createTopic(topic.topic, 1)
      return await createNewTopic.call(ground.admins.target, topic)
    }
    const { error } = await ground.bench().run()
    expect(error).toMatchObject({ code: 'MR_BENCH_TOPIC_EXISTS' })
    expect(ground.source.topics().size).toBe(0)
    expect([...ground.target.topics().keys()]).toEqual(['scratch'])
  })

  it('leaves a topic that was made again under its name', async () => {
    const ground = new Ground()
    ground.onPhase = (phase) => {
      if (phase !== 'clean') return
      ground.target.deleteTopic('scratch')
      ground.target.createTopic('scratch', 1)
    }
    await ground.bench().run()
    expect(ground.source.topics().size).toBe(0)
    expect([...ground.target.topics().keys()]).toEqual(['scratch'])
  })

  it('cleans up after a load, or a job, that failed, and says why', async () => {
    const failure = new MillraceError({ code: 'MR_LOAD_FAILED', kind: 'client', message: 'no' })
    for (const what of ['loadFails', 'jobFails'] as const) {
      const ground = new Ground()
      ground[what] = failure
      const { report, error } = await ground.bench().run()
      expect([report.state, error]).toEqual(['FAILED', failure])
      ground.expectNothingLeft()
    }
  })

  it('says when records are missing in the copy, and measures no latency of it', async () => {
    const ground = new Ground()
    ground.copies = (records) => records - 1
    const { report } = await ground.bench({ latencySeconds: 1 }).run()
    expect(report.state).toBe('FAILED')
    expect(report.copy).toEqual({
      equal: false,
      sourceRecords: 40,
      targetRecords: 38,
      partitions: [
        { partition: 0, source: 20, target: 19 },
        { partition: 1, source: 20, target: 19 }
      ]
    })
    expect(report.latency).toBeNull()
    ground.expectNothingLeft()
  })

  it.each(['create', 'load', 'mirror', 'check', 'latency'] as const)(
    'cleans up when it is stopped in %s',
    async (at) => {
      const ground = new Ground()
      const bench = ground.bench({ latencySeconds: 60 })
      ground.onPhase = (phase) => {
        if (phase === at) setTimeout(() => bench.stop(), at === 'latency' ? 50 : 0)
      }
      const { report, error } = await bench.run()
      expect(error).toBeUndefined()
      expect(report).toMatchObject({ state: 'STOPPED', leftovers: [] })
      ground.expectNothingLeft()
    }
  )

  it('kills its job when asked, and still cleans up', async () => {
    const ground = new Ground()
    const bench = ground.bench({ latencySeconds: 60 })
    ground.onPhase = (phase) => {
      if (phase === 'latency') setTimeout(() => bench.kill(), 20)
    }
    const { report } = await bench.run()
    expect(report.state).toBe('STOPPED')
    expect(ground.calls).toContain('kill')
    ground.expectNothingLeft()
  })

  it('names what could not be deleted, with the command that deletes it', async () => {
    const ground = new Ground()
    const refused = new MillraceError({ code: 'MR_ADMIN_FAILED', kind: 'authorisation', message: 'not allowed' })
    ground.admins.target.deleteTopics = async () => await Promise.reject(refused)
    ground.admins.source.deleteGroup = async () => await Promise.reject(refused)
    const { report } = await ground.bench().run()
    expect(report.state).toBe('COMPLETED')
    expect(report.leftovers).toEqual([
      {
        what: 'topic',
        cluster: 'target',
        name: 'scratch',
        why: 'MR_ADMIN_FAILED: not allowed',
        command: 'kafka-topics.sh --bootstrap-server b:9092 --delete --topic scratch'
      },
      expect.objectContaining({
        what: 'group',
        cluster: 'source',
        command: expect.stringMatching(/^kafka-consumer-groups\.sh .*a:9092 --delete --group j-bench-/) as unknown
      })
    ])
  })

  it('says which permission a topic needs that it may not create', async () => {
    const ground = new Ground()
    ground.admins.source.createNewTopic = async () =>
      await Promise.reject(new MillraceError({ code: 'MR_ADMIN_FAILED', kind: 'authorisation', message: 'no' }))
    const { error } = await ground.bench().run()
    expect(error).toMatchObject({
      code: 'MR_ADMIN_FAILED',
      place: { cluster: 'source', topic: 'scratch' },
      next: expect.stringMatching(/CREATE and DELETE on topic scratch of the source/) as unknown
    })
  })
})
