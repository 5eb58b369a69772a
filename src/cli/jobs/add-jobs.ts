import { type Command, Option } from 'commander'
import type { CommandLine } from '../command-act.ts'
import { act } from '../command-act.ts'
import { collect, count, withCommon } from '../command-flags.ts'
import { exitCodeOfError } from '../exit-code.ts'
import { DEFAULT_DATA_DIR } from '../serve/service-files.ts'
import type * as JobsCommands from './jobs-commands.ts'
import type { JobsFlags } from './jobs-flags.ts'

/** `millrace jobs …`: the job service from the command line. */
export function addJobs(top: Command, line: CommandLine): void {
  const jobs = top
    .command('jobs')
    .summary('the jobs of a service: list, apply, start, stop, logs …')
    .description('Talks to `millrace serve`, by default to the one on this machine with this data directory.')
    .addHelpText('after', EXAMPLES)

  const add = (usage: string, summary: string): Command =>
    withService(withCommon(jobs.command(usage), 'table'))
      .summary(summary)
      .description(`${upper(summary)}.`)
  const run = (command: Command, operation: keyof typeof JobsCommands): void => {
    command.action(
      act(line, exitCodeOfError, async (...args) => {
        const commands = await import('./jobs-commands.ts')
        const flags = args.at(-2) as JobsFlags
        const words = args.slice(0, -2).filter((word) => word !== undefined) as string[]
        return await commands[operation](words, flags, line.context)
      })
    )
  }

  run(
    add('list', 'the jobs, what they do and how far behind they are')
      .option('--state <state...>', 'only those in one of these states, such as RUNNING')
      .option('--search <text>', 'only those that have this in their name'),
    'listJobs'
  )
  run(
    add('get', 'a job with its configuration')
      .argument('<job>')
      .option('--config', 'its configuration alone, as YAML', false),
    'getJob'
  )
  run(
    add('apply', 'make a job of a file, or change the one that has its name')
      .requiredOption('-f, --file <file>', 'configuration of the job; - for stdin')
      .option('--note <text>', 'why it is changed'),
    'applyJob'
  )
  run(add('submit', 'validate, check and plan a job; its mapping is approved with that').argument('<job>'), 'submitJob')
  run(
    add('start', 'start a job')
      .argument('<job>')
      .addOption(
        new Option('--from <position>', 'where it begins').choices([
          'configured',
          'committed',
          'earliest',
          'latest',
          'time',
          'offsets'
        ])
      )
      .option('--time <when>', 'with --from time: such as 2026-01-31T12:00:00Z')
      .option('--offset <partition=offset>', 'with --from offsets: such as orders/3=42; repeatable', collect, [])
      .option('--confirm <job>', 'the name once more: the commits of its group may be reset')
      .option('--dry-run', 'say what it means in records, start nothing', false),
    'startJob'
  )
  const part = 'a topic (orders) or a partition of one (orders/3); without it all of the job'
  run(add('pause', 'pause a job, a topic or a partition').argument('<job>').argument('[what]', part), 'pauseJob')
  run(add('resume', 'go on with a job, a topic or a partition').argument('<job>').argument('[what]', part), 'resumeJob')
  run(
    add('stop', 'stop a job: what is in flight arrives, progress is committed')
      .argument('<job>')
      .option('--now', 'without that', false)
      .option('--wait <seconds>', 'wait until it has ended, so long at most', count(1, 86_400)),
    'stopJob'
  )
  run(add('delete', 'delete a job that does not run, with all that is kept of it').argument('<job>'), 'deleteJob')
  run(
    add('logs', 'the log of a job')
      .argument('<job>')
      .option('-f, --follow', 'go on with what comes', false)
      .option('-n, --tail <lines>', 'how many lines of the past', count(0, 1000), 100)
      .option('--search <text>', 'only lines that have this')
      .addOption(
        new Option('--level <level>', 'this level and what is more severe').choices(['error', 'warn', 'info', 'debug'])
      ),
    'showLogs'
  )
  run(add('status', 'what a job does, and the partitions that are furthest behind').argument('<job>'), 'showStatus')
}

function withService(command: Command): Command {
  return command
    .option('--server <url>', 'where the service is (or MILLRACE_SERVER)')
    .option('--token-file <file>', 'file that has the token (or MILLRACE_TOKEN_FILE)')
    .option('--ca-file <file>', 'PEM of the authority that signed its certificate, if the system does not know it')
    .option('--data-dir <dir>', `data directory of a service on this machine (default: ./${DEFAULT_DATA_DIR})`)
}

function upper(text: string): string {
  return (text[0] ?? '').toUpperCase() + text.slice(1)
}

const EXAMPLES = `
Examples:
  millrace jobs list                                     what there is
  millrace jobs apply -f orders.yaml                     make or change the job of its name
  millrace jobs submit orders && millrace jobs start orders
  millrace jobs start orders --from earliest --dry-run   what would that mean?
  millrace jobs pause orders orders.placed/3             one partition
  millrace jobs logs orders -f --level warn
  millrace jobs status orders -o json
`
