import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ANNA, ANY, jobYaml, ServiceGround } from '../service-ground.ts'

const code = (wanted: string) => expect.objectContaining({ code: wanted }) as unknown

describe('the life of a job', () => {
  let ground: ServiceGround
  beforeEach(async () => (ground = await ServiceGround.make()))
  afterEach(async () => await ground.end())

  const stateOf = async (name = 'one') => (await ground.service.jobs.get(name)).state
  const running = async (more = '') => {
    const service = await ground.withJob('one', more)
    await service.jobs.start('one', {}, ANNA)
    ground.processes.last.shows('RUNNING')
    await expect.poll(stateOf).toBe('RUNNING')
    return service
  }

  it('draft, submitted, starting, running, stopping, stopped', async () => {
    const service = await ground.start()
    await ground.connect()
    expect(await service.jobs.put('one', { config: jobYaml('one') }, { ifNew: true }, ANNA)).toMatchObject({
      state: 'DRAFT',
      revision: 1,
      actions: ['edit', 'submit', 'delete'],
      source: 'kafka-a',
      groupId: 'one'
    })
    await expect(service.jobs.start('one', {}, ANNA)).rejects.toEqual(code('MR_SERVICE_CONFLICT'))
    expect(await service.jobs.submit('one', ANNA)).toMatchObject({
      state: 'SUBMITTED',
      topics: 1,
      partitions: { total: 2 },
      sourceCluster: { clusterId: 'source-id', connection: 'kafka-a' }
    })
    expect(await service.jobs.start('one', {}, ANNA)).toMatchObject({ state: 'STARTING', runningRevision: 1 })
    ground.processes.last.shows('STARTING', [])
    ground.processes.last.shows('RUNNING')
    await expect.poll(stateOf).toBe('RUNNING')
    expect(await service.jobs.get('one')).toMatchObject({
      sentence: 'Copying 1 topic; 5 records behind.',
      figures: { records: 10, lagRecords: 5 }
    })
    expect(await service.jobs.stop('one', {}, ANNA)).toMatchObject({ state: 'STOPPING' })
    expect(ground.processes.last.asked).toEqual(['stop'])
    ground.processes.last.ends('STOPPED')
    await expect.poll(stateOf).toBe('STOPPED')
    expect(ground.records.statesOf('one')).toEqual(['SUBMITTED', 'STARTING', 'RUNNING', 'STOPPING', 'STOPPED'])
    expect(ground.records.audits.map(({ action, who }) => `${who} ${action}`)).toContain('anna job.start')
  })

  it('goes on after a restart of the service as it was: running from its commits, paused, stopped', async () => {
    const service = await ground.withJob('one')
    ground.clusters.committed = 10
    for (const name of ['two', 'three']) {
      await service.jobs.put(name, { config: jobYaml(name) }, ANY, ANNA)
      await service.jobs.submit(name, ANNA)
    }
    for (const name of ['one', 'two', 'three']) {
      await service.jobs.start(name, {}, ANNA)
      ground.processes.last.shows('RUNNING')
    }
    await expect.poll(async () => await stateOf('three')).toBe('RUNNING')
    await service.jobs.pause('two', {}, ANNA)
    await service.jobs.pause('one', { topic: 'orders', partition: 1 }, ANNA)
    await service.jobs.stop('three', {}, ANNA)
    ground.processes.last.ends('STOPPED')
    await expect.poll(async () => await stateOf('three')).toBe('STOPPED')

    const again = await ground.restart()
    expect(ground.processes.all.map(({ start }) => start.config.name).sort()).toEqual(['one', 'two'])
    const [one, two] = ['one', 'two'].map((name) =>
      ground.processes.all.find(({ start }) => start.config.name === name)
    )
    expect(one?.start).toMatchObject({
      reset: false,
      pauses: { job: false, partitions: [{ topic: 'orders', partition: 1 }] }
    })
    expect(two?.start.pauses).toMatchObject({ job: true })
    one?.shows('RUNNING')
    two?.shows('RUNNING')
    await expect.poll(async () => await stateOf('one')).toBe('RUNNING')
    await expect.poll(async () => await stateOf('two')).toBe('PAUSED')
    expect((await again.jobs.get('three')).state).toBe('STOPPED')
  })

  it('a process that crashes is started again after a while, until it does so too often', async () => {
    const service = await ground.start()
    await ground.connect()
    await service.jobs.put('one', { config: jobYaml('one', 'restarts: { most: 1, window: 1h }\n') }, ANY, ANNA)
    await service.jobs.submit('one', ANNA)
    await service.jobs.start('one', {}, ANNA)
    ground.processes.last.shows('RUNNING')
    ground.processes.last.crash('SIGSEGV')
    await expect.poll(stateOf).toBe('STARTING')
    expect(await service.jobs.get('one')).toMatchObject({
      isRestartPending: true,
      reason: { code: 'MR_SERVICE_JOB_CRASHED', message: expect.stringContaining('SIGSEGV') as unknown },
      failovers: { count: 1, most: 1, windowMinutes: 60 }
    })
    await expect.poll(() => ground.processes.all.length, { timeout: 3000 }).toBe(2)
    ground.processes.last.crash('SIGSEGV')
    await expect.poll(stateOf).toBe('FAILED')
    expect(await service.jobs.get('one')).toMatchObject({
      reason: { code: 'MR_SERVICE_FAILOVER_LIMIT' },
      isRestartPending: false
    })
  })

  it('the end of the service is no end of the job, even of one that may not end by itself', async () => {
    await running('restarts: { most: 0 }\n')
    await ground.restart()
    expect(ground.processes.all).toHaveLength(1)
    expect(await stateOf()).toBe('STARTING')
  })

  it('refused credentials are never tried again by themselves, but once when somebody asks', async () => {
    const service = await running()
    ground.processes.last.ends('AUTH_FAILED', { code: 'MR_AUTHENTICATION_FAILED', kind: 'authentication' })
    await expect.poll(stateOf).toBe('AUTH_FAILED')
    await ground.restart()
    expect(ground.processes.all).toHaveLength(0)
    expect(await ground.service.jobs.get('one')).toMatchObject({ state: 'AUTH_FAILED' })
    void service
    await ground.service.jobs.retryAuthentication('one', ANNA)
    expect(ground.processes.last.start.retryAuthentication).toBe(true)
  })

  it('what somebody must change is failed at once, with the reason', async () => {
    await running()
    ground.processes.last.ends('FAILED', { code: 'MR_TOPIC_MISSING', kind: 'refused', message: 'No topic.' })
    await expect.poll(stateOf).toBe('FAILED')
    expect((await ground.service.jobs.get('one')).reason).toMatchObject({ code: 'MR_TOPIC_MISSING' })
  })

  it('waits for the process before it, which still drains', async () => {
    await running()
    await ground.restart()
    ground.processes.last.ends('FAILED', { code: 'MR_JOB_RUNNING', kind: 'refused', message: 'It drains.' })
    await expect.poll(async () => (await ground.service.jobs.get('one')).isRestartPending).toBe(true)
    expect(await ground.service.jobs.get('one')).toMatchObject({ state: 'STARTING', failovers: { count: 0 } })
    await expect.poll(() => ground.processes.all.length, { timeout: 3000 }).toBe(2)
  })

  it('a stopped partition makes it DEGRADED with its reason, and RUNNING again when it goes on', async () => {
    await running()
    const reason = { code: 'MR_LOSS', message: 'Records are gone.', next: 'See docs/loss.md.', place: {} }
    ground.processes.last.shows('RUNNING', [{}, { state: 'stopped', reason }])
    await expect.poll(stateOf).toBe('DEGRADED')
    expect(await ground.service.jobs.get('one')).toMatchObject({
      reason: { code: 'MR_LOSS', message: expect.stringContaining('1 of 2 partitions has stopped') as unknown },
      partitions: { total: 2, stopped: 1 }
    })
    ground.processes.last.shows('RUNNING', [{}, {}])
    await expect.poll(stateOf).toBe('RUNNING')
    expect((await ground.service.jobs.get('one')).reason).toBeNull()
  })

  it('rate and log level change while it runs, and stay over a restart until the configuration says something else', async () => {
    const service = await running('limits:\n  rate: { bytes: 1MiB }\n')
    expect(
      await service.jobs.changeLive('one', { rate: { bytes: null, records: 500 }, logLevel: 'debug' }, ANNA)
    ).toMatchObject({
      rateLimit: { bytes: null, records: 500 },
      logLevel: 'debug'
    })
    await ground.restart()
    expect(ground.processes.last.start).toMatchObject({
      config: { limits: { rate: { records: 500 } } },
      logLevel: 'debug'
    })
    ground.processes.last.shows('RUNNING')
    const edited = jobYaml('one', 'limits:\n  rate: { bytes: 2MiB }\n')
    expect(await ground.service.jobs.put('one', { config: edited }, ANY, ANNA)).toMatchObject({
      rateLimit: { bytes: 2 * 1024 * 1024, records: null },
      restartNeeded: []
    })
  })

  it('a rate that was changed by the socket of the job is known, and stays over a restart', async () => {
    const service = await running('limits:\n  rate: { bytes: 1MiB }\n')
    await ground.processes.last.changeRate({ records: 700 })
    ground.processes.last.shows('RUNNING')
    const rateLimit = { bytes: null, records: 700 }
    await expect.poll(async () => (await service.jobs.get('one')).rateLimit).toEqual(rateLimit)
    await ground.restart()
    expect(ground.processes.last.start.config.limits.rate).toEqual({ records: 700 })
  })

  it('a rate that an edit has changed stays over a restart, also when the rest of the edit waits for one', async () => {
    const service = await running()
    const edited = jobYaml('one', 'workers: 2\nlimits:\n  rate: { records: 900 }\nlog:\n  level: debug\n')
    expect(await service.jobs.put('one', { config: edited }, ANY, ANNA)).toMatchObject({
      rateLimit: { bytes: null, records: 900 },
      restartNeeded: ['workers'],
      runningRevision: 1
    })
    await ground.restart()
    expect(ground.processes.last.start).toMatchObject({
      config: { workers: 'auto', limits: { rate: { records: 900 } } },
      logLevel: 'debug'
    })
  })

  it('an edit of a running job must be whole, and says what waits for a restart', async () => {
    const service = await running()
    await expect(service.jobs.put('one', { config: 'name: one\n' }, ANY, ANNA)).rejects.toEqual(
      code('MR_CONFIG_INVALID')
    )
    expect(await service.jobs.put('one', { config: jobYaml('one', 'workers: 2\n') }, ANY, ANNA)).toMatchObject({
      state: 'RUNNING',
      revision: 2,
      runningRevision: 1,
      restartNeeded: ['workers']
    })
    await service.connections.put('kafka-a', { bootstrapServers: 'c:9092' }, ANY, ANNA)
    expect((await service.jobs.get('one')).restartNeeded).toEqual(['source.connection', 'workers'])
    expect(await service.connections.get('kafka-a')).toMatchObject({ restartNeeded: ['one'] })
  })

  it('topics that an edit adds are copied at once and after a restart; other edits keep them waiting', async () => {
    const service = await running()
    const withTopics = (include: string, more = ''): string =>
      jobYaml('one', more).replace('include: [orders]', `include: ${include}`)
    const put = async (config: string) => await service.jobs.put('one', { config }, ANY, ANNA)
    expect(await put(withTopics('[orders, payments]'))).toMatchObject({ runningRevision: 2, restartNeeded: [] })
    expect(ground.processes.last.asked).toEqual(['include payments'])
    expect(await put(withTopics('[payments]'))).toMatchObject({ restartNeeded: ['topics.include'] })
    expect(await put(withTopics('[orders, payments, refunds]', 'workers: 2\n'))).toMatchObject({
      runningRevision: 2,
      restartNeeded: ['topics.include', 'workers']
    })
    expect(ground.processes.last.asked).toEqual(['include payments'])
    await ground.restart()
    expect(ground.processes.last.start.config).toMatchObject({ topics: { include: ['orders', 'payments'] } })
  })

  it('a mapping that was approved does not change unseen', async () => {
    const service = await ground.withJob('one')
    await service.jobs.start('one', {}, ANNA)
    await service.jobs.stop('one', {}, ANNA)
    ground.processes.last.ends('STOPPED')
    await expect.poll(stateOf).toBe('STOPPED')
    await service.jobs.put('one', { config: jobYaml('one', '  overrides: { orders: elsewhere }\n') }, ANY, ANNA)
    await expect(service.jobs.start('one', {}, ANNA)).rejects.toEqual(code('MR_SERVICE_MAPPING_CHANGED'))
    expect((await service.jobs.previewStart('one', {})).refusals).toEqual([code('MR_SERVICE_MAPPING_CHANGED')])
    await service.jobs.submit('one', ANNA)
    await service.jobs.start('one', {}, ANNA)
  })

  it('a start that replaces commits says what that means and wants the name; it is done once', async () => {
    const service = await ground.withJob('one')
    ground.clusters.committed = 40
    expect(await service.jobs.previewStart('one', { from: 'earliest' })).toMatchObject({
      progress: 'reset',
      resets: true,
      records: 200,
      again: 80,
      skipped: 0
    })
    expect(await service.jobs.previewStart('one', { from: 'latest' })).toMatchObject({ again: 0, skipped: 120 })
    expect(await service.jobs.previewStart('one', { from: 'committed' })).toMatchObject({ resets: false, records: 120 })
    await expect(service.jobs.start('one', { from: 'earliest' }, ANNA)).rejects.toEqual(code('MR_SERVICE_CONFIRM'))
    await service.jobs.start('one', { from: 'earliest', confirm: 'one' }, ANNA)
    expect(ground.processes.last.start).toMatchObject({ reset: true, config: { start: { from: 'earliest' } } })
    // The service ends before the commits were replaced: that is still to do.
    await ground.restart()
    expect(ground.processes.last.start).toMatchObject({ reset: true })
    ground.processes.last.shows('RUNNING')
    await expect.poll(stateOf).toBe('RUNNING')
    await ground.restart()
    expect(ground.processes.last.start).toMatchObject({ reset: false })
  })

  it('a position that was reset while it stood is where the next start begins', async () => {
    const service = await ground.withJob('one')
    ground.clusters.committed = 40
    await expect(service.jobs.resetPosition('one', { from: 'latest' }, ANNA)).rejects.toEqual(
      code('MR_SERVICE_CONFIRM')
    )
    await expect(service.jobs.resetPosition('one', { confirm: 'one' }, ANNA)).rejects.toEqual(
      code('MR_SERVICE_REQUEST')
    )
    await service.jobs.resetPosition('one', { from: 'latest', confirm: 'one' }, ANNA)
    await ground.restart()
    await expect(ground.service.jobs.start('one', {}, ANNA)).rejects.toEqual(code('MR_SERVICE_CONFIRM'))
    await ground.service.jobs.start('one', { confirm: 'one' }, ANNA)
    expect(ground.processes.last.start).toMatchObject({ reset: true, config: { start: { from: 'latest' } } })
  })

  it('submitting tells what is wrong: configuration, cluster, plan', async () => {
    const service = await ground.start()
    await service.jobs.put('one', { config: 'name: one\n' }, ANY, ANNA)
    await expect(service.jobs.submit('one', ANNA)).rejects.toEqual(code('MR_CONFIG_INVALID'))
    await ground.connect()
    await service.jobs.put('one', { config: jobYaml('one') }, ANY, ANNA)
    ground.clusters.failure = {
      cluster: 'target',
      stage: 'tcp',
      ok: false,
      detail: 'refused',
      next: 'Look.',
      code: 'MR_TCP_FAILED',
      kind: 'retry',
      milliseconds: 1
    }
    await expect(service.jobs.submit('one', ANNA)).rejects.toEqual(code('MR_TCP_FAILED'))
    ground.clusters.failure = undefined
    ground.clusters.refusals = [{ code: 'MR_TOPIC_MISSING', message: 'None.', next: 'Look.' }]
    await expect(service.jobs.submit('one', ANNA)).rejects.toEqual(code('MR_TOPIC_MISSING'))
    expect(await stateOf()).toBe('DRAFT')
    expect(ground.records.audits.filter(({ outcome }) => outcome === 'refused')).toHaveLength(3)
  })
})

describe('what is kept of a job', () => {
  let ground: ServiceGround
  beforeEach(async () => (ground = await ServiceGround.make()))
  afterEach(async () => await ground.end())

  it('revisions with who, why and what changed; the same text is none', async () => {
    const service = await ground.start()
    await service.jobs.put('one', { config: 'name: one\nworkers: 1\n', note: 'first' }, ANY, ANNA)
    await service.jobs.put(
      'one',
      { config: 'name: one\nworkers: 2\n', note: 'more' },
      { ifRevision: 1 },
      { who: 'ben' }
    )
    await service.jobs.put('one', { config: 'name: one\nworkers: 2\n' }, ANY, ANNA)
    expect(await service.jobs.revisions('one')).toMatchObject([
      { revision: 2, who: 'ben', note: 'more' },
      { revision: 1, who: 'anna', note: 'first' }
    ])
    const { diff } = await service.jobs.revision('one', 2)
    expect(diff).toContain('--- revision 1\n+++ revision 2\n@@ -1,2 +1,2 @@\n name: one\n-workers: 1\n+workers: 2\n')
    expect((await service.jobs.revision('one', 2, 2)).diff).toBe('')
    await expect(service.jobs.put('one', { config: 'name: one\n' }, { ifRevision: 1 }, ANNA)).rejects.toEqual(
      code('MR_SERVICE_CONFLICT')
    )
  })

  it('no text that is no YAML, is another job’s, or has a secret in it', async () => {
    const { jobs } = await ground.start()
    const put = async (config: string) => await jobs.put('one', { config }, ANY, ANNA)
    await expect(put('name: [one\n')).rejects.toMatchObject({ code: 'MR_CONFIG_INVALID' })
    await expect(put('- one\n')).rejects.toMatchObject({ code: 'MR_CONFIG_INVALID' })
    await expect(put('name: two\n')).rejects.toMatchObject({ message: expect.stringContaining('is "two"') as unknown })
    const secrets = 'source:\n  security:\n    password: hunter2\n  properties.sasl.oauthbearer.client.secret: x\n'
    await expect(put(secrets)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^3:15: source\.security\.password: has a secret in plain text[^]*4:\d+: source/
      ) as unknown
    })
    await put("source:\n  security:\n    password: '${file:/run/secret}'\n")
    await expect(jobs.put('../x', { config: '' }, ANY, ANNA)).rejects.toEqual(code('MR_SERVICE_REQUEST'))
  })

  it('a job whose clusters do not answer holds up itself alone', async () => {
    const service = await ground.withJob('one')
    let answer: () => void = () => undefined
    ground.clusters.answering = new Promise((resolve) => (answer = resolve))
    const started = service.jobs.start('one', {}, ANNA)
    const edited = service.jobs.put('one', { config: jobYaml('one', 'workers: 2\n') }, ANY, ANNA)
    const deleted = expect(service.jobs.delete('one', ANY, ANNA)).rejects.toEqual(code('MR_SERVICE_CONFLICT'))
    expect(await service.jobs.put('two', { config: 'name: two\n' }, ANY, ANNA)).toMatchObject({ state: 'DRAFT' })
    await service.jobs.delete('two', ANY, ANNA)
    answer()
    expect(await started).toMatchObject({ state: 'STARTING', revision: 1 })
    expect(await edited).toMatchObject({ state: 'STARTING', revision: 2, runningRevision: 1 })
    await deleted
  })

  it('what waited for the turn of a job that was deleted is not done with the one that came after it', async () => {
    const service = await ground.withJob('one')
    let answer: () => void = () => undefined
    ground.clusters.answering = new Promise((resolve) => (answer = resolve))
    const submitted = service.jobs.submit('one', ANNA)
    const deleted = service.jobs.delete('one', ANY, ANNA)
    const started = expect(service.jobs.start('one', {}, ANNA)).rejects.toEqual(code('MR_SERVICE_NOT_FOUND'))
    answer()
    await submitted
    await deleted
    await service.jobs.put('one', { config: jobYaml('one') }, { ifNew: true }, ANNA)
    await started
    expect(ground.processes.all).toHaveLength(0)
    expect(await service.jobs.get('one')).toMatchObject({ state: 'DRAFT', revision: 1 })
  })

  it('two who make a job at once: one makes it, the other one edits it, or is refused', async () => {
    const { jobs } = await ground.start()
    const put = async (workers: number, ifNew: boolean) =>
      await jobs.put('one', { config: `name: one\nworkers: ${workers}\n` }, ifNew ? { ifNew } : ANY, ANNA)
    const [first, second, third] = await Promise.allSettled([put(1, true), put(2, false), put(3, true)])
    expect(first).toMatchObject({ value: { revision: 1 } })
    expect(second).toMatchObject({ value: { revision: 2 } })
    expect(third).toMatchObject({ reason: { code: 'MR_SERVICE_CONFLICT' } })
  })

  it('nothing of one that is deleted; a running one can’t be', async () => {
    const service = await ground.withJob('one')
    await service.jobs.start('one', {}, ANNA)
    await expect(service.jobs.delete('one', ANY, ANNA)).rejects.toEqual(code('MR_SERVICE_CONFLICT'))
    await service.jobs.stop('one', {}, ANNA)
    ground.processes.last.ends('STOPPED')
    await expect.poll(async () => (await service.jobs.get('one')).state).toBe('STOPPED')
    await service.jobs.delete('one', { ifRevision: 1 }, ANNA)
    await expect(service.jobs.get('one')).rejects.toEqual(code('MR_SERVICE_NOT_FOUND'))
    const again = await ground.restart()
    expect(await again.jobs.list({})).toMatchObject({ items: [], total: 0 })
  })
})
