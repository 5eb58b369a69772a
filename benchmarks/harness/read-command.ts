import { parseArgs } from 'node:util'
import { optionsConfig, optionsHelp, toSuiteOptions, type OptionName, type SuiteOptions } from './suite-options.ts'
import type { Suite } from './suite.ts'
import { UsageError } from './usage-error.ts'

export type BenchCommand =
  | { readonly kind: 'list' }
  | { readonly kind: 'help'; readonly suite?: Suite }
  | { readonly kind: 'render' }
  | {
      readonly kind: 'run'
      readonly suite: Suite
      readonly options: SuiteOptions
      readonly output: OutputOptions
      /** As somebody else would type it. */
      readonly text: string
    }

/** What happens with the results of any suite. */
export interface OutputOptions {
  readonly json?: string | undefined
  readonly writeResults: boolean
  readonly compare: boolean
  readonly failOnWorsePercent?: number | undefined
}

const OUTPUT_HELP: readonly (readonly [string, string])[] = [
  ['--compare', "hold it against the last committed results, as ratios to the control of each's own run"],
  ['--fail-on-worse PERCENT', 'with --compare: end with 1 when a ratio is surely worse by more than that'],
  ['--json FILE', 'results as JSON (default: benchmarks/.cache/SUITE.json)'],
  ['--write-results', 'replace benchmarks/results/SUITE.json, RESULTS.md and its plots; from a clean tree only']
]
const OUTPUT_CONFIG = {
  compare: { type: 'boolean' },
  'fail-on-worse': { type: 'string' },
  json: { type: 'string' },
  'write-results': { type: 'boolean' }
} as const
const GENERAL_CONFIG = {
  list: { type: 'boolean' },
  render: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' }
} as const
/** Where files lie says nothing about what was measured, and names somebody's directories. */
const PRIVATE = new Set(['--directory', '--json'])

/** Reads the command line; throws a UsageError for what it doesn't know. */
export function readCommand(
  args: readonly string[],
  suites: readonly Suite[],
  log?: (line: string) => void
): BenchCommand {
  const name = args.find((arg) => !arg.startsWith('-') && suites.some((suite) => suite.name === arg))
  const suite = suites.find((candidate) => candidate.name === name)
  const { values, positionals } = parse(args, suite?.options ?? [])
  if (values['list'] === true) return { kind: 'list' }
  if (values['render'] === true) return { kind: 'render' }
  if (values['help'] === true) return { kind: 'help', ...(suite && { suite }) }
  if (suite === undefined || positionals.length !== 1) {
    const given = positionals.length === 0 ? 'no suite is named' : `no such suite: ${positionals.join(' ')}`
    throw new UsageError(`${given}; there are ${suites.map((each) => each.name).join(', ')}`)
  }
  const output = toOutputOptions(values)
  return { kind: 'run', suite, options: toSuiteOptions(values, log), output, text: commandText(args) }
}

export function helpText(suites: readonly Suite[], suite?: Suite): string {
  if (suite === undefined) {
    return [
      'usage: npm run bench -- SUITE [options]',
      '       npm run bench -- SUITE --help',
      '       npm run bench -- --list',
      '       npm run bench -- --render     write RESULTS.md again from benchmarks/results',
      '',
      'suites:',
      listText(suites)
    ].join('\n')
  }
  return [
    `usage: npm run bench -- ${suite.name} [options]`,
    `${suite.description}. Without options: ${suite.defaultSize}.`,
    ...aligned([...optionsHelp(suite.options), ...OUTPUT_HELP])
  ].join('\n')
}

export function listText(suites: readonly Suite[]): string {
  return aligned(suites.map(({ name, description }) => [name, description])).join('\n')
}

interface Arguments {
  readonly values: Readonly<Record<string, unknown>>
  readonly positionals: readonly string[]
}

function parse(args: readonly string[], names: readonly OptionName[]): Arguments {
  try {
    const options = { ...optionsConfig(names), ...OUTPUT_CONFIG, ...GENERAL_CONFIG }
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    return { values, positionals }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function toOutputOptions(values: Arguments['values']): OutputOptions {
  const { compare = false, json, 'fail-on-worse': given, 'write-results': writeResults = false } = values
  const percent = typeof given === 'string' ? given : undefined
  if (percent !== undefined && compare === false) throw new UsageError('--fail-on-worse needs --compare')
  if (percent !== undefined && !(Number(percent) >= 0)) {
    throw new UsageError(`--fail-on-worse needs a number from 0 on, not ${percent}`)
  }
  return {
    json: typeof json === 'string' ? json : undefined,
    writeResults: writeResults === true,
    compare: compare === true,
    failOnWorsePercent: percent === undefined ? undefined : Number(percent)
  }
}

function commandText(args: readonly string[]): string {
  const shown = args.filter((arg, index) => {
    const [option = ''] = arg.split('=')
    return !PRIVATE.has(option) && !PRIVATE.has(args[index - 1] ?? '')
  })
  return ['npm run bench --', ...shown].join(' ')
}

function aligned(lines: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...lines.map(([left]) => left.length))
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
