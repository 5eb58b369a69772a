import type { CompletedCommand, CompletedFlag } from './command-tree.ts'

/** A line for each thing that can follow, with the condition that its command is on the line. */
export function fishCompletion(tree: readonly CompletedCommand[]): string {
  const byPath = new Map(tree.map((command) => [command.path.join(' '), command]))
  const lines = tree.flatMap((command) => {
    const when = conditionOf(command)
    return [
      ...command.commands.map((name) => {
        const summary = byPath.get([...command.path, name].join(' '))?.summary ?? ''
        return `complete -c millrace -f -n '${when}' -a '${name}' -d '${summary}'`
      }),
      ...command.flags.map((flag) => `complete -c millrace -n '${when}' ${flagOf(flag)}`),
      ...command.arguments.map((value) =>
        value === 'file'
          ? `complete -c millrace -F -n '${when}'`
          : `complete -c millrace -f -n '${when}'${value.length === 0 ? '' : ` -a '${value.join(' ')}'`}`
      )
    ]
  })
  return `# fish completion for millrace; made by: millrace completion fish\n${lines.join('\n')}\n`
}

/** All words of the path are there, and none of what could follow it. */
function conditionOf({ path, commands }: CompletedCommand): string {
  if (path.length === 0) return '__fish_use_subcommand'
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
  return commands.length === 0 ? seen : `${seen}; and not __fish_seen_subcommand_from ${commands.join(' ')}`
}

function flagOf({ long, short, summary, value }: CompletedFlag): string {
  const names = `-l '${long.replace(/^--/, '')}'${short === undefined ? '' : ` -s '${short.replace(/^-/, '')}'`}`
  const takes =
    value === 'none' ? '' : value === 'file' ? ' -r -F' : value.length === 0 ? ' -x' : ` -x -a '${value.join(' ')}'`
  return `${names}${takes} -d '${summary}'`
}
