import { Argument, Command, CommanderError, Option } from 'commander'
import { packageVersion } from '../telemetry/package-version.ts'
import { type CommandLine, act, reportFailure } from './command-act.ts'
import type { CommandContext } from './command-context.ts'
import { collect, count, withCommon, withJob } from './command-flags.ts'
import { addCompletion } from './completion/add-completion.ts'
import { EXIT, exitCodeOfError, exitCodeOfLook } from './exit-code.ts'
import { type JobApi, loadJobApi } from './job-api.ts'
import { addJobs } from './jobs/add-jobs.ts'
import { addServe } from './serve/add-serve.ts'
import { addTokens } from './serve/add-tokens.ts'

/** Runs `millrace ARGS` and returns its exit code. Never rejects. */
export async function runCommandLine(
  args: readonly string[],
  context: CommandContext,
  loadApi: () => Promise<JobApi> = loadJobApi
): Promise<number> {
  const line: CommandLine = { context, loadApi, exitCode: EXIT.done }
  try {
    await program(line).parseAsync([...args], { from: 'user' })
    return line.exitCode
  } catch (error) {
    // Commander has said what is wrong; help and version end this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    const flags = { color: !args.includes('--no-color'), verbose: args.includes('-v') || args.includes('--verbose') }
    return reportFailure(error, flags, context)
  }
}

function program(line: CommandLine): Command {
  const { stdout, stderr } = line.context
  const top = new Command('millrace')
    .description('Copies Kafka topics from one cluster to another, byte for byte, and says what it did.')
    .version(packageVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text)
    })
    .showHelpAfterError('(--help shows what there is)')
    .helpCommand(true)
    .addHelpText('after', EXAMPLES)
  addPlan(top, line)
  addCheck(top, line)
  addRun(top, line)
  addControl(top, line)
  addVerify(top, line)
  addOffsets(top, line)
  addConfig(top, line)
  addBench(top, line)
  addDemo(top, line)
  addServe(top, line)
  addJobs(top, line)
  addTokens(top, line)
  addCompletion(top, line)
  return top
}

const EXAMPLES = `
Examples:
  millrace demo                                       two embedded clusters, nothing else needed
  millrace check job.yaml                             can both clusters be reached?
  millrace plan job.yaml                              what would a run do? touches nothing
  millrace run job.yaml                               mirror until stopped
  millrace run job.yaml --set stop.at=end -o json     copy up to now, then print a summary
  millrace verify job.yaml                            is the copy complete and unaltered?
  millrace offsets job.yaml orders-7@123456           where did this record go?
  millrace bench job.yaml                             how fast is it between these two clusters?

Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 differences, 4 refused by preflight or plan,
130/143 drained after a signal.
`

function addPlan(top: Command, line: CommandLine): void {
  withCommon(withJob(top.command('plan')), 'table')
    .summary('what a run would do; touches nothing')
    .description('Shows what a run would do: mapping, partitions, topics to create, offsets, records to copy, memory.')
    .option('--reset', 'as run --reset would begin', false)
    .action(
      act(line, exitCodeOfLook, async (file, flags) => {
        const { planCommand } = await import('./plan-command.ts')
        return await planCommand(String(file), flags as never, line.context, await line.loadApi())
      })
    )
}

function addCheck(top: Command, line: CommandLine): void {
  withCommon(withJob(top.command('check')), 'table')
    .summary('whether both clusters can be reached, stage by stage')
    .description('Goes through the stages of the connection to either side: DNS, TCP, protocol, metadata, group.')
    .action(
      act(line, exitCodeOfLook, async (file, flags) => {
        const { checkCommand } = await import('./check-command.ts')
        return await checkCommand(String(file), flags as never, line.context, await line.loadApi())
      })
    )
}

function addRun(top: Command, line: CommandLine): void {
  withCommon(withJob(top.command('run')), 'table')
    .summary('mirror, until stopped or up to stop.at')
    .description(
      'Mirrors until it is stopped, or up to stop.at. Ctrl-C drains and commits, the second one stops at once.'
    )
    .option('--reset', "begin where start says, whatever the group's commits are", false)
    .option('--retry-authentication', 'try credentials once more that a cluster has refused', false)
    .action(
      act(line, exitCodeOfError, async (file, flags) => {
        const { runCommand } = await import('./run-command.ts')
        return await runCommand(String(file), flags as never, line.context, await line.loadApi())
      })
    )
}

function addControl(top: Command, line: CommandLine): void {
  withCommon(top.command('control'), 'table')
    .summary('slow down, pause, resume or look at a job that runs')
    .description(
      'Asks a job that runs on this machine: its state, another rate, a pause. Nothing of it outlives the run.'
    )
    .argument('<job>', 'name of the job, or the file of its configuration')
    .addArgument(new Argument('<operation>', 'what to do').choices(['status', 'rate', 'pause', 'resume']))
    .argument('[what]', 'pause, resume: a topic (orders) or a partition of one (orders/3); without it all of the job')
    .option('--bytes <size>', 'rate: bytes a second, such as 5MiB, or unlimited')
    .option('--records <n>', 'rate: records a second, or unlimited')
    .option('--state-dir <dir>', 'state directory of the job (default: ./.millrace/NAME, or what its file says)')
    .option('--set <key=value>', 'with a file: set one option, as for run', collect, [])
    .addHelpText('after', CONTROL_EXAMPLES)
    .action(
      act(line, exitCodeOfError, async (job, operation, what, flags) => {
        const { controlCommand } = await import('./control-command.ts')
        const topic = what as string | undefined
        return await controlCommand(String(job), operation as never, topic, flags as never, line.context)
      })
    )
}

function addVerify(top: Command, line: CommandLine): void {
  withCommon(withJob(top.command('verify')), 'table')
    .summary('whether the target has what the source has')
    .description(
      'Compares source and target, also while the mirror runs: up to what the group has committed. Changes nothing. ' +
        'Exit code 3 when they differ.'
    )
    .addOption(new Option('--counts', 'compare numbers of records only').conflicts(['full', 'sample']))
    .addOption(
      new Option('--sample <n>', 'look for so many records of each topic in the target')
        .argParser(count(1, 10_000_000))
        .conflicts('full')
    )
    .option('--full', 'compare key, value, headers and timestamp of every record (default)')
    .option('--strict', 'records that were delivered twice are differences, too', false)
    .action(
      act(line, exitCodeOfLook, async (file, flags) => {
        const { verifyCommand } = await import('./verify-command.ts')
        return await verifyCommand(String(file), flags as never, line.context, await line.loadApi())
      })
    )
}

function addOffsets(top: Command, line: CommandLine): void {
  withCommon(top.command('offsets'), 'table')
    .summary('where a record went, by its offset')
    .description(
      'Says at which target offset a source record is, or with --reverse the other way round, by what the target ' +
        'acknowledged when it was delivered. Asks no cluster. Exit code 1 when nothing is known of it.'
    )
    .argument('<job>', 'name of the job, or the file of its configuration')
    .argument('<record>', 'topic, partition and offset, such as orders-7@123456')
    .option('--reverse', 'the record is one of the target: where does it come from?', false)
    .option('--state-dir <dir>', 'state directory of the job (default: ./.millrace/NAME, or what its file says)')
    .option('--set <key=value>', 'with a file: set one option, as for run', collect, [])
    .action(
      act(line, exitCodeOfError, async (job, record, flags) => {
        const { offsetsCommand } = await import('./offsets-command.ts')
        return await offsetsCommand(String(job), String(record), flags as never, line.context)
      })
    )
}

const CONTROL_EXAMPLES = `
Examples:
  millrace control orders-to-dr status                   state, rate, pauses, lag, what is stuck and why
  millrace control orders-to-dr rate --bytes 5MiB        5 MiB a second from now on
  millrace control orders-to-dr rate --bytes unlimited --records 1000
  millrace control orders-to-dr pause                    all of it; it stays a member of its group
  millrace control orders-to-dr pause orders/3           one partition, the others go on
  millrace control job.yaml resume orders                the topic and its partitions
`

function addConfig(top: Command, line: CommandLine): void {
  const config = top.command('config').description('The configuration of a job.')
  withCommon(withJob(config.command('show')), 'yaml')
    .description('Shows the configuration as it is read, defaults included, secrets redacted.')
    .action(
      act(line, exitCodeOfError, async (file, flags) => {
        const { showCommand } = await import('./config-command.ts')
        return showCommand(String(file), flags as never, line.context)
      })
    )
  withCommon(config.command('schema'), 'json')
    .description('Prints the JSON Schema of a configuration file, for editors.')
    .action(
      act(line, exitCodeOfError, async (flags) => {
        const { schemaCommand } = await import('./config-command.ts')
        return schemaCommand(flags as never, line.context)
      })
    )
}

function addDemo(top: Command, line: CommandLine): void {
  withCommon(top.command('demo'), 'table')
    .summary('see it work: two embedded clusters, no network')
    .description('Mirrors a generated load between two embedded clusters and verifies the copy record by record.')
    .action(
      act(line, exitCodeOfError, async (flags) => {
        const { demoCommand } = await import('./demo-command.ts')
        return await demoCommand(flags as never, line.context)
      })
    )
}

function addBench(top: Command, line: CommandLine): void {
  withCommon(withJob(top.command('bench')), 'table')
    .summary('how fast it is between your two clusters, on a topic of its own')
    .description(
      'Makes a scratch topic on either cluster, loads it, mirrors it with the settings of the job, measures throughput ' +
        'and latency, and deletes all of it again. The topics and the group of the job are not touched. ' +
        'Ctrl-C cleans up, too.'
    )
    .option('--topic <name>', 'name of the scratch topic (default: millrace-bench- and a random number)')
    .option('--records <n>', 'records to load and mirror', count(1, 1e10), 1_000_000)
    .option('--size <bytes>', 'size of a record', count(1, MOST_RECORD_BYTES), 500)
    .option('--partitions <n>', 'partitions of the scratch topic', count(1, 10_000), 8)
    .addOption(
      new Option('--payload <kind>', 'random can not be compressed, json can')
        .choices(['random', 'json'])
        .default('json')
    )
    .option('--replication-factor <n>', "of both topics (default: the brokers')", count(1, 32_767))
    .option('--seconds <n>', 'how long latency is measured; 0 = not at all', count(0, 86_400), 10)
    .option('--rate <n>', 'records a second while latency is measured', count(1, 100_000), 1000)
    .addHelpText('after', BENCH_EXAMPLES)
    .action(
      act(line, exitCodeOfError, async (file, flags) => {
        const { benchCommand } = await import('./bench-command.ts')
        return await benchCommand(String(file), flags as never, line.context, await line.loadApi())
      })
    )
}

/** With what surrounds it, a record of this size fits into the default max.message.bytes. */
const MOST_RECORD_BYTES = 1_000_000

const BENCH_EXAMPLES = `
Examples:
  millrace bench job.yaml                                         a million records of 500 B, then latency for 10 s
  millrace bench job.yaml --records 10000000 --size 100           small records, for longer
  millrace bench job.yaml --set target.properties.compression.type=lz4
                                                                  the same with another setting
  millrace bench job.yaml --records 1000 --rate 50000 -o json     latency under load, as JSON

Needs CREATE, DELETE, READ and WRITE on the scratch topics; docs/benchmarking.md says what is measured and how.
`
