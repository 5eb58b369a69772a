import type { JsonMap } from '../../../src/api/contract.ts'
import { listAt, mapAt, textAt, valueAt } from './json-path.ts'
import { readSize, readWhole } from './quantities.ts'
import { STEPS, type StepId, stepOf } from './steps.ts'
import { readRfc3339 } from './zone-time.ts'

/** What can be said of a field while somebody types; the service says the rest when it validates. */
export interface FieldProblem {
  readonly option: string
  readonly message: string
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
const TOPIC = /^[A-Za-z0-9._-]{1,249}$/
const MIB = 2 ** 20
const LEAST_MEMORY = 64 * MIB

export function checkConfig(config: JsonMap): readonly FieldProblem[] {
  const problems: FieldProblem[] = []
  const wrong = (option: string, message: string | undefined): void => {
    if (message !== undefined) problems.push({ option, message })
  }
  wrong('name', nameProblem(textAt(config, ['name'])))
  for (const side of ['source', 'target']) {
    const has = textAt(config, [side, 'connection']) || textAt(config, [side, 'bootstrapServers'])
    if (!has) wrong(`${side}.connection`, `Choose the ${side} cluster.`)
  }
  const include = listAt(config, ['topics', 'include'])
  if (include.length === 0) wrong('topics.include', 'Choose at least one topic or pattern.')
  for (const entry of include) wrong('topics.include', entryProblem(entry))
  for (const entry of listAt(config, ['topics', 'exclude'])) wrong('topics.exclude', entryProblem(entry))
  if (valueAt(config, ['topics', 'targetName']) !== undefined) {
    wrong('topics.targetName', ruleProblem(textAt(config, ['topics', 'targetName'])))
  }
  for (const topic of Object.keys(mapAt(config, ['topics', 'overrides']))) {
    const name = textAt(config, ['topics', 'overrides', topic])
    if (!TOPIC.test(name)) wrong(`topics.overrides.${topic}`, `${name} is no topic name.`)
  }
  checkNumbers(config, wrong)
  checkTimes(config, wrong)
  return problems
}

export function nameProblem(name: string): string | undefined {
  if (name === '') return 'Give the job a name.'
  return NAME.test(name)
    ? undefined
    : 'Up to 100 letters, digits, dots, underscores and dashes; it begins with a letter or digit.'
}

/** A name or a `/pattern/`; what the pattern means only the service knows. */
export function entryProblem(entry: string): string | undefined {
  if (entry.startsWith('/')) {
    return entry.length > 2 && entry.endsWith('/') ? undefined : `${entry}: a pattern stands between two slashes.`
  }
  if (TOPIC.test(entry)) return undefined
  const isPattern = /[*+?^$|()[\]{}\\]/.test(entry)
  return `${entry} is no topic name${isPattern ? `; a pattern stands between slashes: /${entry}/` : ''}.`
}

export const PLACEHOLDER = '#{source_Topic_name}'

export function ruleProblem(rule: string): string | undefined {
  if (rule === '') return 'Give a name, or a template.'
  const fixed = rule.replaceAll(PLACEHOLDER, 'a')
  if (fixed.includes('#{')) return `The only placeholder is ${PLACEHOLDER}.`
  return TOPIC.test(fixed) ? undefined : 'Kafka allows letters, digits, dots, underscores and dashes, at most 249.'
}

type Wrong = (option: string, message: string | undefined) => void

function checkNumbers(config: JsonMap, wrong: Wrong): void {
  const size = (path: readonly string[], least: number, what: string): void => {
    const text = textAt(config, path)
    if (text === '' || text === 'unlimited') return
    const bytes = readSize(text)
    if (bytes === undefined || bytes < least) wrong(path.join('.'), what)
  }
  const whole = (path: readonly string[], least: number, most: number, word: string): void => {
    const text = textAt(config, path)
    if (text === '' || text === word || readWhole(text, least, most) !== undefined) return
    wrong(path.join('.'), `A whole number from ${String(least)} to ${most.toLocaleString('en')}, or ${word}.`)
  }
  size(['limits', 'memory'], LEAST_MEMORY, 'A size of at least 64MiB, such as 512MiB or 1.5GiB.')
  size(['limits', 'rate', 'bytes'], 1, 'A size a second, such as 10MiB, or unlimited.')
  whole(['limits', 'rate', 'records'], 1, Number.MAX_SAFE_INTEGER, 'unlimited')
  whole(['workers'], 1, 256, 'auto')
  const partitions = textAt(config, ['topics', 'create', 'partitions'])
  if (partitions !== 'source') whole(['topics', 'create', 'partitions'], 1, 100_000, 'auto')
  if (textAt(config, ['topics', 'create', 'replicationFactor']) !== '-1') {
    whole(['topics', 'create', 'replicationFactor'], 1, 32_767, '-1')
  }
}

function checkTimes(config: JsonMap, wrong: Wrong): void {
  const from = textAt(config, ['start', 'from'])
  if (from === 'timestamp' && readRfc3339(textAt(config, ['start', 'time'])) === undefined) {
    wrong('start.time', 'Choose the time to start at.')
  }
  const at = textAt(config, ['stop', 'at'], 'never')
  if (at !== 'never' && at !== 'end' && readRfc3339(at) === undefined) wrong('stop.at', 'Choose the time to stop at.')
}

export type StepState = 'done' | 'wrong'

/** Of each step, whether something of it is missing or wrong. */
export function stepStates(problems: readonly FieldProblem[]): Readonly<Record<StepId, StepState>> {
  const states = Object.fromEntries(STEPS.map(({ id }) => [id, 'done'])) as Record<StepId, StepState>
  for (const { option } of problems) states[stepOf(option)] = 'wrong'
  return states
}

/** The first step of which something is missing, and so the last that can be opened; review when all is well. */
export function furthestStep(problems: readonly FieldProblem[]): StepId {
  const states = stepStates(problems)
  return STEPS.find(({ id }) => states[id] === 'wrong')?.id ?? 'review'
}

export function isReachable(step: StepId, problems: readonly FieldProblem[]): boolean {
  const place = (id: StepId): number => STEPS.findIndex((other) => other.id === id)
  return place(step) <= place(furthestStep(problems))
}
