import { access, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { administer, committedOffsets, createTopic, readRecords, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { freePort } from '../../helpers/free-port.ts'
import { runCli } from '../../helpers/run-cli.ts'
import { expectRefusal, planOf, RuleGround, TRUE_COPY } from './rule-ground.ts'

// What is told before a job starts, what keeps it from starting, and that looking changes nothing. One cluster that is
// source and target at once.

const RECORDS = 30

describeWithBrokers('before it starts', () => {
  let ground: RuleGround

  beforeAll(async () => {
    ground = await RuleGround.start({ source: '3.9.1' })
    await createTopic(ground.source, 'orders', 2)
    await writeRecords({ ...ground.source, topic: 'orders', partitions: 2, records: RECORDS })
    // Kafka makes its own topic for offsets when the first group of all is asked for, whoever asks.
    await administer(ground.source, 'commit_offsets', { group: 'somebody', topic: 'orders', offsets: { 0: 1 } })
  })
  afterAll(() => ground?.stop())

  const everythingOnTheCluster = async (): Promise<object> => ({
    topics: await administer(ground.source, 'list_topics'),
    groups: await administer(ground.source, 'list_groups'),
    configs: await administer(ground.source, 'describe_configs', { topic: 'orders' })
  })

  it('plan touches nothing: no topic, no group, no commit, no state directory', async () => {
    const job = await ground.job('look', { topics: { include: ['orders'], targetName: 'look' } })
    const [before, files] = [await everythingOnTheCluster(), await readdir(ground.directory)]
    for (let time = 1; time <= 2; time++) {
      const { exitCode, plan } = await planOf(job)
      expect(exitCode).toBe(0)
      expect(plan).toMatchObject({
        job: 'look',
        progress: 'fresh',
        refusals: [],
        topics: [{ source: 'orders', target: 'look', action: 'create', targetPartitions: 2 }]
      })
      expect(plan.topics[0]?.partitions.map(({ records }) => records)).toEqual([15, 15])
    }
    const table = await runCli(['plan', job.file])
    expect(table, table.stderr).toMatchObject({ exitCode: 0, stderr: '' })
    expect(table.stdout).toMatch(/orders +look +2 +create with 2 +kept +earliest \(0\) +15 +30/)
    const check = await runCli(['check', job.file])
    expect(check, check.stdout + check.stderr).toMatchObject({ exitCode: 0 })

    expect(await everythingOnTheCluster()).toEqual(before)
    expect(await readdir(ground.directory)).toEqual(files)
    await expect(access(ground.stateDir('look'))).rejects.toThrow('ENOENT')
    expect(await committedOffsets(ground.source, 'look')).toEqual({})
  })

  describe.concurrent('then', () => {
    it('one cluster on both sides: names that meet are refused', async () => {
      const onto = await ground.job('onto-itself', { topics: { include: ['orders'] } })
      await expectRefusal(onto, 'MR_MIRROR_LOOP', /same cluster and orders would be copied onto itself/)
      const again = await ground.job('again', {
        topics: { include: ['/^orders/'], targetName: '#{source_Topic_name}.again' }
      })
      await expectRefusal(again, 'MR_MIRROR_LOOP', /to orders\.again, which topics\.include takes as a source again/)
      expect(await administer(ground.source, 'list_topics')).not.toHaveProperty(['orders.again'])
    })

    it('one cluster on both sides: names that never meet are copied', async () => {
      const job = await ground.job('apart', {
        topics: { include: ['/^orders/'], exclude: ['/\\.copy$/'], targetName: '#{source_Topic_name}.copy' }
      })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: RECORDS } })
      expect(await ground.compare([['orders', 'orders.copy']])).toMatchObject({ ...TRUE_COPY, targetRecords: RECORDS })
      const second = await job.run()
      expect(second, second.stderr).toMatchObject({ exitCode: 0, summary: { records: 0 } })
    })

    it('a topic that does not exist is refused, with the one that was meant', async () => {
      const job = await ground.job('mistyped', { topics: { include: ['ordres'], targetName: 'mistyped' } })
      await expectRefusal(job, 'MR_TOPIC_MISSING', /no topic ordres/)
      expect((await planOf(job)).plan.refusals[0]?.next).toBe('Did you mean orders?')
    })

    it('a mistyped option: exit code 2, file, line and column, and what was meant', async () => {
      const file = join(ground.directory, 'typo.yaml')
      const lines = ['name: typo', 'source:', '  bootstrapServer: a:9092', 'topics: { include: [orders] }']
      await writeFile(file, [...lines, 'partitions: some', ''].join('\n'))
      for (const command of ['plan', 'check', 'run']) {
        const end = await runCli([command, file])
        expect(end).toMatchObject({ exitCode: 2, stdout: '' })
        expect(end.stderr).toContain(
          `${file}:3:3: source.bootstrapServer: unknown option. Did you mean source.bootstrapServers?`
        )
        expect(end.stderr).toContain(`${file}:5:13: partitions: must be one of same, zero, sticky`)
        expect(end.stderr).toContain('target.bootstrapServers: is required and missing')
        expect(end.stderr).not.toMatch(/^\s+at /m)
      }
    })

    it('a broker that is not there: exit code 4, with its name and cause', async () => {
      const nobody = `127.0.0.1:${await freePort()}`
      const { file } = await ground.job('nobody', {
        target: { bootstrapServers: nobody },
        topics: { include: ['orders'] }
      })
      for (const command of ['plan', 'check', 'run']) {
        const end = await runCli([command, file])
        const said = end.stdout + end.stderr
        expect(end, said).toMatchObject({ exitCode: 4 })
        expect(said).toContain(nobody)
        expect(said).toContain('MR_TCP_FAILED')
        expect(said).toContain('target')
      }
      const unknown = await runCli(['run', file, '--set', 'target.bootstrapServers=no-such-host.invalid:9092'])
      expect(unknown, unknown.stderr).toMatchObject({ exitCode: 4 })
      expect(unknown.stderr).toMatch(/MR_DNS_FAILED.*no-such-host\.invalid/)
    })

    it('config show hides what is secret and keeps references', async () => {
      const { file } = await ground.job('secretive', {
        source: {
          security: { protocol: 'SASL_SSL', mechanism: 'PLAIN', username: 'mirror', password: 'hunter2-source' }
        },
        target: {
          security: {
            protocol: 'SASL_SSL',
            mechanism: 'PLAIN',
            username: 'mirror',
            password: '${env:TARGET_PASSWORD}'
          },
          properties: { 'ssl.keystore.password': 'hunter2-keystore' }
        },
        topics: { include: ['orders'] }
      })
      const env = { TARGET_PASSWORD: 'hunter2-target' }
      for (const format of ['yaml', 'json']) {
        const shown = await runCli(['config', 'show', file, '-o', format], { env })
        expect(shown, shown.stderr).toMatchObject({ exitCode: 0 })
        expect(shown.stdout).toContain('[redacted]')
        expect(shown.stdout).toContain('${env:TARGET_PASSWORD}')
        expect(shown.stdout).toContain('mirror')
        expect(shown.stdout + shown.stderr).not.toContain('hunter2')
      }
    })

    it('a timestamp of 0 can not be kept: such records are counted, and the rest is the same', async () => {
      await createTopic(ground.source, 'epoch', 1, { 'retention.ms': '-1' })
      const explicit = [0, 1, 0, 300_000, 0].map((timestamp, index) => ({
        key: index % 2 === 0 ? null : '6b',
        value: `0${index}`,
        headers: [['header', null] as const],
        timestamp
      }))
      await writeRecords({ ...ground.source, topic: 'epoch', kind: 'explicit', explicit, raw: true })
      const job = await ground.job('epoch', { topics: { include: ['epoch'], targetName: 'epoch.copy' } })
      const startedAt = Date.now()
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({
        exitCode: 0,
        summary: { state: 'COMPLETED', records: explicit.length, altered: 3 }
      })
      expect(run.stderr).toMatch(/3 records did not keep the timestamp: 0 can't be written/)
      const copies = await readRecords(ground.source, 'epoch.copy')
      expect(copies.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual(
        explicit.map(({ key, value, headers }) => ({ key, value, headers }))
      )
      for (const [index, { timestamp }] of copies.entries()) {
        const original = explicit[index]?.timestamp
        if (original === 0) expect(timestamp).toBeGreaterThanOrEqual(startedAt)
        else expect(timestamp).toBe(original)
      }
      expect(await ground.compare([['epoch', 'epoch.copy']])).toMatchObject({ ...TRUE_COPY, equal: false, altered: 3 })
    })
  })
})
