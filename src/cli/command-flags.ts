import { type Command, InvalidArgumentError, Option } from 'commander'

/** Of a command that works with a configuration file. */
export function withJob(command: Command): Command {
  return command
    .argument('<file>', 'configuration of the job, YAML or JSON')
    .option('--set <key=value>', 'set one option, such as stop.at=end; repeatable, wins over the file', collect, [])
}

/** Of every command. @param output the format if nothing is said */
export function withCommon(command: Command, output: 'table' | 'yaml' | 'json'): Command {
  const formats = output === 'table' ? ['table', 'json', 'yaml'] : ['json', 'yaml']
  return command
    .addOption(new Option('-o, --output <format>', 'what to print on stdout').choices(formats).default(output))
    .option('--no-color', 'no colours (as NO_COLOR)')
    .option('-v, --verbose', 'say more', false)
}

/** A parser of whole numbers, also as 10_000 and 1e6. */
export function count(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^[\d_]+(?:e\d+)?$/i.test(value) ? Number(value.replaceAll('_', '')) : Number.NaN
    if (Number.isSafeInteger(number) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}

export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value]
}
