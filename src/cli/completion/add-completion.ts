import { Argument, type Command } from 'commander'
import type { CommandLine } from '../command-act.ts'
import { bashCompletion } from './bash-completion.ts'
import { commandTree } from './command-tree.ts'
import { fishCompletion } from './fish-completion.ts'
import { zshCompletion } from './zsh-completion.ts'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const
type Shell = keyof typeof SHELLS

/** `millrace completion SHELL`: made of the commands as they are. */
export function addCompletion(top: Command, line: CommandLine): void {
  top
    .command('completion')
    .summary('completion for bash, zsh or fish')
    .description('Prints what makes a shell complete the commands and flags of millrace.')
    .addArgument(new Argument('<shell>', 'whose').choices(Object.keys(SHELLS)))
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => {
      line.context.stdout.write(SHELLS[shell](commandTree(top)))
    })
}

const EXAMPLES = `
Examples:
  source <(millrace completion bash)                                        in ~/.bashrc
  source <(millrace completion zsh)                                         in ~/.zshrc, after compinit
  millrace completion fish > ~/.config/fish/completions/millrace.fish
`
