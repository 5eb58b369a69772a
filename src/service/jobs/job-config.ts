import type { Connections } from '../../config/assign-connections.ts'
import { ConfigErrors, type ConfigProblem } from '../../config/config-errors.ts'
import type { JobConfig, StartConfig } from '../../config/job-config.ts'
import { loadJobText } from '../../config/load-job-config.ts'
import { outlineOf } from '../../config/outline.ts'
import { findPlainSecrets } from '../../config/plain-secrets.ts'
import type { StartRequest } from '../../api/contract.ts'
import { badRequest } from '../service-errors.ts'
import type { PendingReset } from './job-file.ts'

export interface ConfigSurroundings {
  readonly connections: Connections
  readonly cwd: string
  /** Where the state of a job is that does not say it. */
  readonly stateDirectory: (job: string) => string
}

/** A configuration, complete and right. Throws ConfigErrors; places are `line:column`. */
export function readJobConfig(
  config: string,
  { connections, cwd, stateDirectory }: ConfigSurroundings,
  name?: string
): JobConfig {
  const problems = [...findPlainSecrets(config), ...wrongName(config, name)]
  let read: JobConfig | undefined
  try {
    read = loadJobText({ text: config, cwd, connections })
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error
    problems.push(...error.problems)
  }
  if (read === undefined || problems.length > 0) throw new ConfigErrors(problems)
  return outlineOf(config).stateDir === undefined ? { ...read, stateDir: stateDirectory(read.name) } : read
}

/**
 * What keeps a text from being kept even as a draft: it is no YAML, it has secrets in it, or it is another job's. The
 * rest can be corrected later.
 */
export function findDraftProblems(config: string, cwd: string, name: string): readonly ConfigProblem[] {
  const found = [...findPlainSecrets(config), ...wrongName(config, name)]
  try {
    loadJobText({ text: config, cwd, connections: new Map() })
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error
    found.push(...error.problems.filter(({ option }) => option === ''))
  }
  return found
}

function wrongName(config: string, name: string | undefined): ConfigProblem[] {
  const given = outlineOf(config).name
  if (name === undefined || given === undefined || given === name) return []
  return [
    {
      where: '',
      option: 'name',
      message: `is ${JSON.stringify(given)}, and the job is ${name}`,
      next: `Write name: ${name}.`
    }
  ]
}

/** Where a start begins, and whether the group's commits are replaced for it. */
export interface StartChoice {
  readonly config: JobConfig
  readonly reset: boolean
  /** What a restart of the process must do again until it is done. */
  readonly pending: PendingReset | null
}

/** Throws MR_SERVICE_REQUEST when the request does not say what it must. */
export function chooseStart(config: JobConfig, request: StartRequest, pending: PendingReset | null): StartChoice {
  const { from = 'configured', time, offsets } = request
  if (from !== 'timestamp' && time !== undefined) throw notFor('time', 'timestamp')
  if (from !== 'offsets' && offsets !== undefined) throw notFor('offsets', 'offsets')
  switch (from) {
    case 'configured':
      return pending === null ? { config, reset: false, pending: null } : withReset(config, pending)
    case 'committed':
      return { config: { ...config, start: { from } }, reset: false, pending: null }
    case 'timestamp':
      if (time === undefined || !Number.isSafeInteger(time) || time < 0) throw needs('time', from)
      return withReset(config, { from, time, offsets: null })
    case 'offsets':
      if (offsets === undefined || !areOffsets(offsets)) throw needs('offsets', from)
      return withReset(config, { from, time: null, offsets })
    case 'earliest':
    case 'latest':
      return withReset(config, { from, time: null, offsets: null })
  }
}

function withReset(config: JobConfig, pending: PendingReset): StartChoice {
  const { from, time, offsets } = pending
  const start: StartConfig =
    from === 'timestamp' ? { from, time: time ?? 0 } : from === 'offsets' ? { from, offsets: offsets ?? {} } : { from }
  return { config: { ...config, start }, reset: true, pending }
}

function areOffsets(offsets: NonNullable<StartRequest['offsets']>): boolean {
  return Object.values(offsets).every((byPartition) =>
    Object.entries(byPartition).every(
      ([partition, offset]) => /^\d{1,10}$/.test(partition) && Number.isSafeInteger(offset) && offset >= 0
    )
  )
}

function notFor(field: string, from: string): Error {
  return badRequest(`${field} is for from: ${from} only.`, `Leave ${field} out, or start from: ${from}.`)
}

function needs(field: string, from: string): Error {
  return badRequest(`from: ${from} needs ${field}.`, `Send ${field} as the API description says.`)
}
