import type { ConnectionInput, SecretInput } from '../../api/contract.ts'
import type { ConnectionSettings } from '../../config/assign-connections.ts'
import { ConfigErrors, type ConfigProblem } from '../../config/config-errors.ts'
import type { ClusterConfig } from '../../config/job-config.ts'
import { loadJobText } from '../../config/load-job-config.ts'
import { badRequest } from '../service-errors.ts'
import { flag, map, number, record, type Shape, text, word } from '../shape.ts'
import { MECHANISMS, PROTOCOLS } from './connection-file.ts'

const secretInput: Shape<SecretInput> = (value): value is SecretInput =>
  record({ set: text })(value) || record({ reference: text })(value) || record({ keep: isTrue })(value)

function isTrue(value: unknown): value is true {
  return value === true
}

const connectionInput = record(
  { bootstrapServers: text },
  {
    security: record(
      { protocol: word(...PROTOCOLS) },
      {
        mechanism: word(...MECHANISMS),
        username: text,
        caFile: text,
        certificateFile: text,
        keyFile: text,
        verifyHostname: flag,
        password: secretInput,
        keyPassword: secretInput
      }
    ),
    properties: map((value): value is string | number | boolean => text(value) || number(value) || flag(value)),
    note: text
  }
)

/** Throws MR_SERVICE_REQUEST for what is no connection at all. */
export function readConnectionInput(input: unknown): ConnectionInput {
  const defined = withoutUndefined(input)
  if (!connectionInput(defined)) {
    throw badRequest(
      'What was sent is no connection.',
      'Send what the API description says: bootstrapServers at least.'
    )
  }
  return defined
}

function withoutUndefined(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)
}

/** In whose place a secret that is not known here stands while the rest is checked. */
const SOME_SECRET = 'secret'

/**
 * The cluster that settings of a connection describe, as a job would have it. Throws ConfigErrors, its places JSON
 * pointers into a connection. What a connection says must hold on either side of a job.
 */
export function clusterOf(settings: ConnectionSettings, cwd: string): ClusterConfig {
  const { bootstrapServers, security, properties } = settings
  const side = { bootstrapServers, security, properties }
  const read = (source: object, target: object) =>
    loadJobText({
      text: JSON.stringify({ name: 'connection', source, target, topics: { include: ['any'] } }),
      cwd,
      connections: new Map()
    })
  const other = { bootstrapServers: 'other:9092' }
  try {
    const { source } = read(side, other)
    read(other, side)
    return { bootstrapServers: source.bootstrapServers, security: source.security, properties: source.properties }
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error
    throw new ConfigErrors(error.problems.map(inConnection))
  }
}

/** Settings to check an input by, with something in the place of secrets. */
export function settingsToCheck({ bootstrapServers, security, properties }: ConnectionInput): ConnectionSettings {
  const entries = Object.entries(security ?? {}).map(([name, value]) => {
    const isReference = typeof value === 'object' && 'reference' in value
    return [name, typeof value === 'object' ? (isReference ? value.reference : SOME_SECRET) : value] as const
  })
  return { bootstrapServers, security: Object.fromEntries(entries), properties: properties ?? {} }
}

function inConnection({ option, message, next }: ConfigProblem): ConfigProblem {
  const path = option.replace(/^(?:source|target)\./, '')
  const [section = '', ...rest] = path.split('.')
  const names = rest.length === 0 ? [section] : [section, rest.join('.')]
  const hint =
    section === 'properties'
      ? 'What only one side of a job takes belongs to source.properties or target.properties of the job.'
      : next
  return {
    where: names.map((name) => `/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`).join(''),
    option: path,
    message,
    ...(hint !== undefined && { next: hint })
  }
}
