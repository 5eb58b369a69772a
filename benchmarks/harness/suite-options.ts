import type { ParseArgsConfig } from 'node:util'
import { UsageError } from './usage-error.ts'

/** What can be asked of suites. Each heeds some of them and says which. */
export interface SuiteOptions {
  readonly quick: boolean
  readonly full: boolean
  readonly verify: boolean
  readonly sweep: boolean
  readonly records?: number | undefined
  readonly runs: number
  readonly pairs?: number | undefined
  readonly seconds?: number | undefined
  readonly shapes?: readonly string[] | undefined
  readonly peers?: readonly string[] | undefined
  readonly directory?: string | undefined
  /** A line of progress. */
  readonly log: (line: string) => void
}

export type OptionName = Exclude<keyof SuiteOptions, 'log'>

interface OptionDescription {
  /** How a value is called in the help; without it, a flag. */
  readonly value?: 'N' | 'A,B' | 'DIR'
  readonly help: string
}

const OPTIONS: Readonly<Record<OptionName, OptionDescription>> = {
  quick: { help: 'a fifth of the size: to see that it runs' },
  full: { help: 'the whole matrix instead of the usual choice' },
  records: { value: 'N', help: 'so many records instead of those of the suite' },
  seconds: { value: 'N', help: 'so long instead of the time of the suite' },
  runs: { value: 'N', help: 'of everything (default 1); figures are medians' },
  pairs: { value: 'N', help: 'instead: N pairs of ours and the control, ratio with its 95 % interval' },
  shapes: { value: 'A,B', help: 'only these kinds of records' },
  peers: { value: 'A,B', help: 'only these mirrors' },
  sweep: { help: 'look for the best setting of the competitor again' },
  verify: { help: 'compare every record with an independent client, not only counts and a sample' },
  directory: { value: 'DIR', help: 'where brokers keep their topics, gigabytes (default: the temporary directory)' }
}

/** For parseArgs of node:util. */
export function optionsConfig(names: readonly OptionName[]): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    names.map((name) => [name, { type: OPTIONS[name].value === undefined ? 'boolean' : 'string' }] as const)
  )
}

export function optionsHelp(names: readonly OptionName[]): readonly (readonly [string, string])[] {
  return names.map((name) => {
    const { value, help } = OPTIONS[name]
    return [value === undefined ? `--${name}` : `--${name} ${value}`, help]
  })
}

/** What parseArgs found, checked. */
export function toSuiteOptions(
  values: Readonly<Record<string, unknown>>,
  log: (line: string) => void = () => undefined
): SuiteOptions {
  const list = (name: OptionName): readonly string[] | undefined => text(values, name)?.split(',')
  return {
    quick: values['quick'] === true,
    full: values['full'] === true,
    verify: values['verify'] === true,
    sweep: values['sweep'] === true,
    records: count(values, 'records'),
    runs: count(values, 'runs') ?? 1,
    pairs: count(values, 'pairs'),
    seconds: count(values, 'seconds'),
    shapes: list('shapes'),
    peers: list('peers'),
    directory: text(values, 'directory'),
    log
  }
}

function text(values: Readonly<Record<string, unknown>>, name: OptionName): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

function count(values: Readonly<Record<string, unknown>>, name: OptionName): number | undefined {
  const given = text(values, name)
  if (given === undefined) return undefined
  const value = Number(given)
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`--${name} needs a whole number from 1 on, not ${given}`)
  }
  return value
}
