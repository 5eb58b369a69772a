import * as z from 'zod'
import { expect, it } from 'vitest'
import { named } from '../../src/api/schemas/typed.ts'
import { askApi } from './ask-api.ts'
import { examplePath, operationsOf } from './document-operations.ts'

const schemas: ReadonlyMap<string, z.core.$ZodType> = named._idmap

it('every reference of the document leads somewhere, and every name is used', async () => {
  await using asked = await askApi()
  const text = JSON.stringify(asked.api.document)
  const { components } = asked.api.document as { components: { schemas: Record<string, unknown> } }
  const used = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '')
  expect(used.length).toBeGreaterThan(100)
  expect(used.filter((name) => !(name in components.schemas))).toEqual([])
  expect(Object.keys(components.schemas).filter((name) => !used.includes(name))).toEqual([])
})

it('operations have an id of their own, and their path parameters are described', async () => {
  await using asked = await askApi()
  const { paths } = asked.api.document as {
    paths: Record<string, Record<string, { operationId: string; summary: string }>>
  }
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
  expect(new Set(ids).size).toBe(ids.length)
  for (const { path, parameters } of operationsOf(asked)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath)
  }
})

it('GET answers are as the document says, with no field more', async () => {
  await using asked = await askApi()
  const looked = operationsOf(asked).filter(({ method, schema }) => method === 'GET' && schema !== undefined)
  expect(looked.length).toBeGreaterThan(20)
  for (const { path, schema = '' } of looked) {
    const answer = await asked.get(examplePath(path))
    const known = schemas.get(schema)
    const parsed = known && z.safeParse(known, answer)
    expect(parsed?.error, path).toBeUndefined()
    expect(parsed?.success, path).toBe(true)
    // What a schema does not know is left out by it.
    expect(parsed?.data, path).toEqual(answer)
  }
})

it('GET has no effects', async () => {
  await using asked = await askApi()
  const before = await asked.get<{ total: number }>('/audit')
  const jobs = await asked.get<{ items: { changedAt: number }[] }>('/jobs')
  for (const { method, path, mediaType } of operationsOf(asked)) {
    if (method !== 'GET') continue
    const response = await asked.ask('GET', examplePath(path))
    if (mediaType === 'text/event-stream') await response.body?.cancel()
  }
  expect((await asked.get<{ total: number }>('/audit')).total).toBe(before.total)
  const after = await asked.get<{ items: { changedAt: number }[] }>('/jobs')
  expect(after.items.map(({ changedAt }) => changedAt)).toEqual(jobs.items.map(({ changedAt }) => changedAt))
})
