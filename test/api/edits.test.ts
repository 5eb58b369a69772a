import { describe, expect, it } from 'vitest'
import type { Connection, Job } from '../../src/api/contract.ts'
import { conflict } from '../helpers/pretend/pretend-errors.ts'
import { askApi } from './ask-api.ts'

const CONFIG = 'name: fresh\nsource: { connection: production }\ntarget: { connection: archive }\n'
const JOB = '/jobs/fresh'
const body = { config: CONFIG }
const changed = { config: `${CONFIG}workers: 3\n` }

describe('edits', () => {
  it('a PUT makes what is not there, and says its entity tag', async () => {
    await using asked = await askApi()
    const made = await asked.ask('PUT', JOB, { body })
    expect(made.status).toBe(201)
    expect(made.headers.get('etag')).toBe('"1"')
    const read = await asked.ask('GET', JOB)
    expect(read.headers.get('etag')).toBe('"1"')
    expect(((await read.json()) as Job).config).toBe(CONFIG)
  })

  it('a PUT over what is there has to say which state is meant', async () => {
    await using asked = await askApi()
    await asked.ask('PUT', JOB, { body })
    const blind = await asked.ask('PUT', JOB, { body: changed })
    expect(blind.status).toBe(428)
    expect(await blind.json()).toMatchObject({ code: 'MR_API_PRECONDITION_REQUIRED' })
    const right = await asked.ask('PUT', JOB, { body: changed, headers: { 'if-match': '"1"' } })
    expect(right.status).toBe(200)
    expect(right.headers.get('etag')).toBe('"2"')
    const late = await asked.ask('PUT', JOB, { body, headers: { 'if-match': '"1"' } })
    expect(late.status).toBe(412)
    expect(await late.json()).toMatchObject({ code: 'MR_API_PRECONDITION_FAILED' })
    expect((await asked.ask('PUT', JOB, { body, headers: { 'if-match': '*' } })).status).toBe(200)
    expect((await asked.ask('PUT', JOB, { body, headers: { 'if-match': '"7", "3"' } })).status).toBe(200)
    expect((await asked.ask('PUT', JOB, { body, headers: { 'if-match': 'W/"3"' } })).status).toBe(412)
  })

  it('the same PUT again makes no new revision', async () => {
    await using asked = await askApi()
    await asked.ask('PUT', JOB, { body })
    const again = await asked.ask('PUT', JOB, { body, headers: { 'if-match': '"1"' } })
    expect(again.headers.get('etag')).toBe('"1"')
  })

  it('If-None-Match: * makes, and overwrites nothing', async () => {
    await using asked = await askApi()
    const headers = { 'if-none-match': '*' }
    expect((await asked.ask('PUT', JOB, { body, headers })).status).toBe(201)
    expect((await asked.ask('PUT', JOB, { body, headers })).status).toBe(412)
    expect((await asked.ask('PUT', JOB, { body, headers: { 'if-none-match': '"1"' } })).status).toBe(400)
    expect((await asked.ask('PUT', '/jobs/other', { body, headers: { 'if-match': '*' } })).status).toBe(412)
  })

  it('a DELETE may say which state is meant', async () => {
    await using asked = await askApi()
    await asked.ask('PUT', JOB, { body })
    expect((await asked.ask('DELETE', JOB, { headers: { 'if-match': '"9"' } })).status).toBe(412)
    expect((await asked.ask('DELETE', JOB)).status).toBe(204)
    expect((await asked.ask('DELETE', JOB)).status).toBe(404)
    expect((await asked.ask('DELETE', JOB, { headers: { 'if-match': '*' } })).status).toBe(412)
  })

  it('who changes it between the look and the change has won', async () => {
    await using asked = await askApi()
    await asked.ask('PUT', JOB, { body })
    const { jobs } = asked.service
    const put = jobs.put.bind(jobs)
    // Another editor is quicker, once.
    jobs.put = async (name, input, on, actor) => {
      jobs.put = put
      await put(name, changed, {}, actor)
      return await put(name, input, on, actor)
    }
    expect((await asked.ask('PUT', JOB, { body, headers: { 'if-match': '"1"' } })).status).toBe(412)
    // What the state of the job forbids is no precondition.
    jobs.put = async () => await Promise.reject(conflict('It can not be changed now.'))
    expect((await asked.ask('PUT', JOB, { body, headers: { 'if-match': '"2"' } })).status).toBe(409)
  })

  it('a secret goes in and never comes out', async () => {
    await using asked = await askApi()
    const input = {
      bootstrapServers: 'kafka:9092',
      security: { protocol: 'SASL_SSL', mechanism: 'PLAIN', username: 'u', password: { set: 'hunter2-hunter2' } }
    }
    const made = await asked.ask('PUT', '/connections/fresh', { body: input })
    expect(made.status).toBe(201)
    const text = await made.text()
    expect(text).not.toContain('hunter2')
    const { security } = JSON.parse(text) as Connection
    expect(security.password?.fingerprint).toMatch(/^[0-9a-f]{8}$/)
    expect(await (await asked.ask('GET', '/connections')).text()).not.toContain('hunter2')
  })
})
