import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { assignConnections, type Connections } from './assign-connections.ts'
import { Assignments } from './assignments.ts'
import { assembleValues } from './assemble-values.ts'
import { checkTogether } from './check-together.ts'
import { collectEnvironment } from './collect-environment.ts'
import { collectFlags } from './collect-flags.ts'
import { ConfigErrors, type ConfigProblem } from './config-errors.ts'
import type { JobConfig } from './job-config.ts'
import { jobOptions } from './job-options.ts'
import { readYaml } from './read-yaml.ts'
import { toJobConfig } from './to-job-config.ts'

export interface ConfigSources {
  /** YAML or JSON, relative to `cwd`. Without one everything comes from flags and the environment. */
  readonly file?: string
  /** `key=value`, as `--set` takes them. */
  readonly sets?: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** What `source.connection` and `target.connection` may name. Without them each name is refused. */
  readonly connections?: Connections
}

export interface ConfigText {
  readonly text: string
  /** What relative paths are relative to. */
  readonly cwd: string
  readonly connections: Connections
}

/**
 * A job's configuration: flag over environment over file over default. Touches nothing but the file; secrets stay the
 * references that they are. Throws ConfigErrors with everything that is wrong.
 */
export function loadJobConfig({ file, sets = [], env = {}, cwd, connections }: ConfigSources): JobConfig {
  const problems: ConfigProblem[] = []
  const report = (problem: ConfigProblem): void => void problems.push(problem)
  const fileLayer = new Assignments(jobOptions, report, false)
  const envLayer = new Assignments(jobOptions, report, false)
  const flagLayer = new Assignments(jobOptions, report, true)
  if (file !== undefined) collectFile(file, cwd, fileLayer, report)
  // A file that can't be read leaves everything missing: say only why it can't be read.
  if (problems.some(({ option }) => option === '')) throw new ConfigErrors(problems)
  collectEnvironment(env, jobOptions, envLayer, report)
  collectFlags(sets, jobOptions, flagLayer, report)
  const layers = [fileLayer, envLayer, flagLayer]
  return assembled({ layers, connections, file: file ?? '--set', cwd, problems, report })
}

/**
 * The same from a text alone: neither flags nor environment count. Places are `line:column`, and empty where something
 * is missing.
 */
export function loadJobText({ text, cwd, connections }: ConfigText): JobConfig {
  const problems: ConfigProblem[] = []
  const report = (problem: ConfigProblem): void => void problems.push(problem)
  const layer = new Assignments(jobOptions, report, false)
  const given = readYaml({
    text: withoutMark(text),
    at: (line, column) => `${line}:${column}`,
    report: (where, message) => report({ where, option: '', message })
  })
  if (given === undefined) throw new ConfigErrors(problems)
  layer.collect(given)
  return assembled({ layers: [layer], connections, file: '', cwd, problems, report })
}

interface Collected {
  readonly layers: readonly Assignments[]
  readonly connections: Connections | undefined
  readonly file: string
  readonly cwd: string
  readonly problems: readonly ConfigProblem[]
  readonly report: (problem: ConfigProblem) => void
}

function assembled({ layers, connections, file, cwd, problems, report }: Collected): JobConfig {
  const below = assignConnections({ root: jobOptions, layers, connections, report })
  const values = assembleValues(jobOptions, [below, ...layers], file, report)
  checkTogether(values, report)
  if (problems.length > 0) throw new ConfigErrors(problems)
  return toJobConfig(values.values, cwd)
}

/** Without the byte order mark that some editors write. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '')
}

function collectFile(file: string, cwd: string, into: Assignments, report: (problem: ConfigProblem) => void): void {
  const text = readText(file, cwd, report)
  if (text === undefined) return
  const given = readYaml({
    text,
    at: (line, column) => `${file}:${line}:${column}`,
    report: (where, message) => report({ where, option: '', message })
  })
  if (given !== undefined) into.collect(given)
}

function readText(file: string, cwd: string, report: (problem: ConfigProblem) => void): string | undefined {
  try {
    return withoutMark(readFileSync(resolve(cwd, file), 'utf8'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const message = code === 'ENOENT' ? 'no such file' : `can not be read (${String(code ?? error)})`
    report({ where: file, option: '', message })
    return undefined
  }
}
