import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigErrors, type ConfigProblem } from './config-errors.ts'
import type { ClusterConfig, JobConfig, PropertyValue, SecurityConfig } from './job-config.ts'
import { type SecretReference, replaceReferences } from './secret-references.ts'

export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What relative paths in `${file:…}` are relative to. */
  readonly cwd: string
}

/**
 * The cluster with every reference replaced by what it refers to: to be called just before a client is made, and its
 * result never to be shown or stored. One line break at the end of a file isn't part of the secret. Throws
 * ConfigErrors that name the option and the reference, never the secret.
 */
export function resolveSecrets<T extends ClusterConfig>(
  side: 'source' | 'target',
  cluster: T,
  sources: SecretSources
): T {
  const problems: ConfigProblem[] = []
  const resolveValue = (option: string, value: PropertyValue): PropertyValue => {
    return typeof value === 'string' ? resolveText(`${side}.${option}`, value, sources, problems) : value
  }
  const resolveAll = (section: string, values: object): object => {
    const entries = Object.entries(values) as [string, PropertyValue][]
    return Object.fromEntries(entries.map(([name, value]) => [name, resolveValue(`${section}.${name}`, value)]))
  }
  const resolved = {
    ...cluster,
    security: resolveAll('security', cluster.security) as SecurityConfig,
    properties: resolveAll('properties', cluster.properties) as JobConfig['source']['properties']
  }
  if (problems.length > 0) throw new ConfigErrors(problems)
  return resolved
}

/** The same for the headers of `otlp`, which may carry an API key. */
export function resolveHeaders(
  headers: JobConfig['otlp']['headers'],
  sources: SecretSources
): JobConfig['otlp']['headers'] {
  const problems: ConfigProblem[] = []
  const resolved = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      resolveText(`otlp.headers.${name}`, value, sources, problems)
    ])
  )
  if (problems.length > 0) throw new ConfigErrors(problems)
  return resolved
}

/** A text of something that is no cluster. Throws ConfigErrors that name the option and the reference. */
export function resolveSecretText(option: string, text: string, sources: SecretSources): string {
  const problems: ConfigProblem[] = []
  const resolved = resolveText(option, text, sources, problems)
  if (problems.length > 0) throw new ConfigErrors(problems)
  return resolved
}

function resolveText(option: string, text: string, sources: SecretSources, problems: ConfigProblem[]): string {
  return replaceReferences(text, (reference) => {
    const found = lookUp(reference, sources)
    if (found.secret !== undefined) return found.secret
    problems.push({ where: reference.text, option, message: found.problem })
    return ''
  })
}

type Found = { readonly secret: string } | { readonly secret?: undefined; readonly problem: string }

function lookUp({ kind, name }: SecretReference, { env, cwd }: SecretSources): Found {
  if (kind === 'env') {
    const secret = env[name]
    return secret === undefined || secret === '' ? { problem: 'the variable is not set' } : { secret }
  }
  try {
    const secret = readFileSync(resolve(cwd, name), 'utf8').replace(/\r?\n$/, '')
    return secret === '' ? { problem: 'the file is empty' } : { secret }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    const known: Record<string, string> = {
      ENOENT: 'no such file',
      EACCES: 'no permission to read it',
      EISDIR: 'it is a directory'
    }
    return { problem: known[code] ?? `can not be read (${code})` }
  }
}
