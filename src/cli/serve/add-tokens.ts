import { type Command, Option } from 'commander'
import { type CommandLine, act } from '../command-act.ts'
import { withCommon } from '../command-flags.ts'
import { exitCodeOfError } from '../exit-code.ts'
import { DEFAULT_DATA_DIR } from './service-files.ts'
import type * as TokensCommands from './tokens-commands.ts'

/** `millrace tokens …`: who may use a job service, on its own machine. */
export function addTokens(top: Command, line: CommandLine): void {
  const tokens = top
    .command('tokens')
    .summary('who may use the job service: list, add, revoke')
    .description('Changes the tokens of a data directory. A service that runs there follows at once.')
  const add = (usage: string, summary: string): Command =>
    withCommon(tokens.command(usage), 'table')
      .summary(summary)
      .option('--data-dir <dir>', `data directory of the service (default: ./${DEFAULT_DATA_DIR})`)
  const run = (command: Command, operation: keyof typeof TokensCommands): void => {
    command.action(
      act(line, exitCodeOfError, async (...args) => {
        const commands = await import('./tokens-commands.ts')
        return await commands[operation](String(args[0]), args.at(-2) as TokensCommands.TokensFlags, line.context)
      })
    )
  }
  run(add('list', 'names, roles and fingerprints'), 'listTokens')
  run(
    add('add', 'make a token; it is printed now and kept nowhere')
      .argument('<name>', 'whose it is: this name is in the audit log')
      .addOption(new Option('--role <role>', 'what it may').choices(['read', 'operate', 'admin']).default('read')),
    'addToken'
  )
  run(add('revoke', 'whoever has it is out at once').argument('<name>'), 'revokeToken')
}
