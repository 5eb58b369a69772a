import type { BenchResult, BenchSettings } from '../job/bench/bench-types.ts'
import { createLog } from '../telemetry/log/create-log.ts'
import { tellEvent } from '../telemetry/tell-event.ts'
import { BenchScreen } from './bench-screen.ts'
import { type CommandContext, type CommonFlags, type StopSignal, hasColor, isTerminal } from './command-context.ts'
import { EXIT, SIGNAL_EXIT, exitCodeOfError } from './exit-code.ts'
import type { JobApi } from './job-api.ts'
import { loadJob } from './load-job.ts'
import { renderBench } from './render-bench.ts'
import { reportError } from './report-error.ts'
import { type StopTexts, watchStopSignals } from './stop-signals.ts'
import { type OutputFormat, writeDocument } from './write-document.ts'

export interface BenchFlags extends CommonFlags {
  readonly set: readonly string[]
  readonly output: OutputFormat
  readonly topic?: string
  readonly records: number
  readonly size: number
  readonly partitions: number
  readonly payload: 'random' | 'json'
  readonly replicationFactor?: number
  readonly seconds: number
  readonly rate: number
}

const TEXTS: StopTexts = {
  first: 'what is in flight is delivered, then what was made is deleted. Once more stops at once.',
  second: 'stopping at once; what was made is deleted if that goes quickly.'
}

export async function benchCommand(
  file: string,
  flags: BenchFlags,
  context: CommandContext,
  api: JobApi
): Promise<number> {
  const { config, resolveSecrets } = loadJob(file, flags.set, context)
  const { stderr, env } = context
  const screen = new BenchScreen(context)
  const log = createLog({
    level: flags.verbose ? 'debug' : 'warn',
    write: (line) => screen.print(line),
    style: isTerminal(stderr, env) ? 'terminal' : 'file',
    color: hasColor(stderr, flags, env)
  })
  const bench = api.createBench({
    config,
    settings: settingsOf(flags),
    resolveSecrets,
    onEvent: (event) => (event.type === 'job' ? tellEvent(log, event.event) : screen.show(event))
  })
  const signals = watchStopSignals(context, bench, (message) => log.log('warn', message), undefined, TEXTS)
  try {
    const result = await bench.run()
    screen.close()
    writeBench(result, flags, context)
    return exitCodeOfBench(result, signals.first)
  } finally {
    signals.release()
    screen.close()
  }
}

function settingsOf(flags: BenchFlags): BenchSettings {
  return {
    topic: flags.topic,
    records: flags.records,
    sizeBytes: flags.size,
    partitions: flags.partitions,
    payload: flags.payload,
    replicationFactor: flags.replicationFactor,
    latencySeconds: flags.seconds,
    latencyRate: flags.rate
  }
}

function writeBench({ report, error }: BenchResult, flags: BenchFlags, { stdout, stderr, env }: CommandContext): void {
  const forPeople = flags.output === 'table' ? stdout : stderr
  forPeople.write(`${renderBench(report, hasColor(forPeople, flags, env)).join('\n')}\n`)
  if (flags.output !== 'table') writeDocument(stdout, report, flags.output)
  if (error === undefined) return
  stderr.write(reportError(error, { color: hasColor(stderr, flags, env), verbose: flags.verbose }))
}

/** What could not be deleted is a failure, unless something worse or a signal is to be told. */
function exitCodeOfBench({ report, error }: BenchResult, signal: StopSignal | undefined): number {
  if (signal !== undefined) return SIGNAL_EXIT[signal]
  if (error !== undefined) return exitCodeOfError(error)
  if (report.copy?.equal === false) return EXIT.different
  return report.state === 'FAILED' || report.leftovers.length > 0 ? EXIT.failed : EXIT.done
}
