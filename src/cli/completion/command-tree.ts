import type { Command } from 'commander'

export interface CompletedFlag {
  readonly long: string
  readonly short: string | undefined
  readonly summary: string
  /** none = a switch; `file`; or the words that it takes, empty = anything. */
  readonly value: 'none' | 'file' | readonly string[]
}

export interface CompletedCommand {
  /** Of the whole command: `['jobs', 'list']`. */
  readonly path: readonly string[]
  readonly summary: string
  readonly commands: readonly string[]
  readonly flags: readonly CompletedFlag[]
  /** By position. */
  readonly arguments: readonly ('file' | readonly string[])[]
}

/** Every command with what can follow it. */
export function commandTree(top: Command): readonly CompletedCommand[] {
  return describe(top, [])
}

function describe(command: Command, path: readonly string[]): CompletedCommand[] {
  const subcommands = command.commands
  return [
    {
      path,
      summary: plain(command.summary() || command.description()),
      commands: subcommands.map((sub) => sub.name()),
      flags: [
        ...command.options.map((option) => ({
          long: option.long ?? '',
          short: option.short,
          summary: plain(option.description),
          value: option.required || option.optional ? valuesOf(option.argChoices, option.flags) : ('none' as const)
        })),
        { long: '--help', short: '-h', summary: 'display help for command', value: 'none' }
      ],
      arguments: command.registeredArguments.map((argument) => valuesOf(argument.argChoices, `<${argument.name()}>`))
    },
    ...subcommands.flatMap((sub) => describe(sub, [...path, sub.name()]))
  ]
}

function valuesOf(choices: readonly string[] | undefined, usage: string): 'file' | readonly string[] {
  if (choices !== undefined) return choices
  return /<(?:file|dir)>/.test(usage) ? 'file' : []
}

/** One line without what a shell would take for its own. */
function plain(text: string): string {
  return text
    .replaceAll(/[`'"\\$[\]:\n]/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
}
