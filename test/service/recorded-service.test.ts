import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StreamMessage } from '../../src/api/contract.ts'
import { openRecords } from '../../src/service/record/open-records.ts'
import { ANNA, ANY, jobYaml, ServiceGround } from './service-ground.ts'

/** Jobs and the recording side meet: neither is played. */
describe('a service that records', () => {
  let ground: ServiceGround

  beforeEach(async () => {
    ground = await ServiceGround.make()
  })
  afterEach(async () => await ground.end())

  const start = async () => await ground.start({ openRecords })

  it('keeps what a job did and who wanted it, over a restart', async () => {
    const service = await start()
    await ground.connect()
    await service.jobs.put('one', { config: jobYaml('one') }, ANY, ANNA)
    await service.jobs.submit('one', ANNA)
    await service.jobs.start('one', {}, ANNA)
    ground.processes.last.shows('RUNNING')
    const states = async (): Promise<readonly string[]> => {
      const { items } = await ground.service.jobs.events('one', {})
      return items.filter(({ type }) => type === 'state').map(({ text }) => text.replace(/:.*/, ''))
    }
    await expect.poll(states).toContain('The job is RUNNING.')
    const { items } = await service.audit({ subject: 'job one' })
    expect(items.map(({ action, who }) => `${who} ${action}`)).toContain('anna job.start')
    const before = (await service.jobs.history('one', {})).markers.length
    expect(before).toBeGreaterThan(0)
    await ground.stop()
    await start()
    expect((await ground.service.jobs.history('one', {})).markers.length).toBeGreaterThanOrEqual(before)
    expect((await ground.service.audit({})).total).toBeGreaterThan(2)
    expect(ground.service.health().reasons).toEqual([])
  })

  it('raises an alarm for the state of a job, and shows it with the job and in the stream', async () => {
    const service = await start()
    await ground.connect()
    await service.jobs.put('one', { config: jobYaml('one') }, ANY, ANNA)
    await service.jobs.submit('one', ANNA)
    const [preset] = service.alarms.presets()
    if (preset === undefined) throw new Error('there are no presets')
    const rule = { ...preset, condition: { is: 'one of', states: ['RUNNING'] } } as const
    await service.jobs.start('one', {}, ANNA)
    ground.processes.last.shows('RUNNING')
    const abort = new AbortController()
    const seen: StreamMessage[] = []
    const reading = (async () => {
      for await (const { message } of service.stream({ jobs: true, job: 'one', partitions: true }, abort.signal)) {
        seen.push(message)
        if (message.type === 'alarm') abort.abort()
      }
    })()
    await service.alarms.putRule('runs', rule, ANY, ANNA)
    await reading
    expect(await service.alarms.active()).toMatchObject([{ job: 'one', rule: 'runs', state: 'firing' }])
    expect((await service.jobs.get('one')).alarms).toEqual({ critical: 1, warning: 0 })
    expect(seen.at(-1)).toMatchObject({ type: 'alarm', alarm: { text: 'one is RUNNING.' } })
  })
})
