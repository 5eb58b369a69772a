import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { generated } from '../../scripts/generate-config.ts'
import { propertiesSource } from '../../scripts/generate-librdkafka-properties.ts'
import { leafAt, pathsOf } from '../../src/config/assignments.ts'
import { ConfigErrors } from '../../src/config/config-errors.ts'
import { jobOptions } from '../../src/config/job-options.ts'
import { jsonSchema } from '../../src/config/json-schema.ts'
import { loadJobConfig } from '../../src/config/load-job-config.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const required = ['name=x', 'source.bootstrapServers=a', 'target.bootstrapServers=b', 'topics.include=orders']

describe('what is generated from the options', () => {
  it.each(Object.entries(generated))('%s is up to date (npx tsx scripts/generate-config.ts)', (path, text) => {
    expect(readFileSync(`${root}/${path}`, 'utf8')).toBe(text())
  })

  it('the properties of librdkafka are those of the version in use', () => {
    expect(readFileSync(`${root}/src/client/properties-of-librdkafka.ts`, 'utf8')).toBe(propertiesSource())
  })
})

describe('config/default.yaml', () => {
  it('says what is the default anyway', () => {
    const withFile = loadJobConfig({ file: 'config/default.yaml', sets: required, cwd: root })
    expect(withFile).toEqual(loadJobConfig({ sets: required, cwd: root }))
  })
})

describe('an option', () => {
  const paths = pathsOf(jobOptions).map((path) => [path.join('.'), leafAt(jobOptions, path)] as const)
  it.each(paths.filter(([, { example }]) => example !== undefined))(
    '%s accepts its own example',
    (path, { example }) => {
      try {
        const sets = required.filter((set) => !set.startsWith(`${path}=`))
        loadJobConfig({
          sets: [...sets, `${path}=${String(parse(example ?? '') instanceof Object ? example : parse(example ?? ''))}`],
          cwd: root
        })
      } catch (error) {
        // It may need others beside it, but by itself it is right.
        if (!(error instanceof ConfigErrors)) throw error
        for (const { message } of error.problems)
          expect(message).toMatch(/^(?:needs|is required|is for|is given, and so is|names a connection)\b/)
      }
    }
  )

  it.each(paths)('%s has a sentence that says what it is', (_, { doc }) => expect(doc).toMatch(/^\p{Lu}.*\.$|[a-z]$/u))
})

describe('config/examples', () => {
  const files = readdirSync(`${root}/config/examples`)
  it('has some', () => expect(files.length).toBeGreaterThanOrEqual(4))
  it.each(files)('%s loads, and has nothing that the schema does not know', (file) => {
    expect(loadJobConfig({ file: `config/examples/${file}`, cwd: root }).name).not.toBe('')
    const unknown = unknownKeys(parse(readFileSync(`${root}/config/examples/${file}`, 'utf8')), jsonSchema())
    expect(unknown).toEqual([])
  })
})

interface ObjectSchema {
  properties?: Record<string, ObjectSchema>
  patternProperties?: Record<string, ObjectSchema>
  additionalProperties?: boolean | ObjectSchema
}

function unknownKeys(value: unknown, schema: ObjectSchema): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, child]) => {
    const inner =
      schema.properties?.[key] ??
      Object.entries(schema.patternProperties ?? {}).find(([pattern]) => new RegExp(pattern).test(key))?.[1] ??
      (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined)
    return inner === undefined ? [key] : unknownKeys(child, inner).map((rest) => `${key}.${rest}`)
  })
}
