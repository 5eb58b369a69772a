import type { JobResult } from '../job/job-types.ts'
import { createLog } from '../telemetry/create-log.ts'
import type { Log, LogLevel } from '../telemetry/log.ts'
import { tellEvent } from '../telemetry/tell-event.ts'
import { type CommandContext, type CommonFlags, hasColor, isTerminal } from './command-context.ts'
import { exitCodeOfJob } from './exit-code.ts'
import type { JobApi } from './job-api.ts'
import type { JobScreen } from './job-view.ts'
import { LineScreen } from './line-screen.ts'
import { LiveScreen } from './live-screen.ts'
import { loadJob } from './load-job.ts'
import { renderResult } from './render-result.ts'
import { reportError } from './report-error.ts'
import { watchJob } from './watch-job.ts'
import { type OutputFormat, writeDocument } from './write-document.ts'

export interface RunFlags extends CommonFlags {
  readonly set: readonly string[]
  readonly output: OutputFormat
  readonly reset: boolean
  readonly retryAuthentication: boolean
}

export async function runCommand(file: string, flags: RunFlags, context: CommandContext, api: JobApi): Promise<number> {
  const { config, resolveSecrets, resolveExports } = loadJob(file, flags.set, context)
  const exports = resolveExports()
  const screen = openScreen(flags, context)
  const log = screenLog(screen, config.log.level, flags, context)
  const job = api.createJob(config, {
    reset: flags.reset,
    retryAuthentication: flags.retryAuthentication,
    resolveSecrets,
    exports,
    onEvent: (event) => tellEvent(log, event)
  })
  const { result, signal } = await watchJob(job, screen, log, context)
  writeResult(result, flags, context)
  return exitCodeOfJob(result, signal)
}

/** Where a running job is shown: on stderr, because stdout is for data. */
export function openScreen(flags: CommonFlags, { stderr, env }: CommandContext): JobScreen {
  return isTerminal(stderr, env) ? new LiveScreen(stderr, hasColor(stderr, flags, env)) : new LineScreen(stderr)
}

export function screenLog(
  screen: JobScreen,
  level: LogLevel,
  flags: CommonFlags,
  { stderr, env }: CommandContext
): Log {
  return createLog({
    level: flags.verbose ? 'debug' : level,
    write: (line) => screen.print(line),
    style: isTerminal(stderr, env) ? 'terminal' : 'file',
    color: hasColor(stderr, flags, env)
  })
}

/** The result for people, on stdout if nothing else goes there; then what made the job fail. */
export function writeResult(
  result: JobResult,
  flags: CommonFlags & { readonly output: OutputFormat },
  { stdout, stderr, env }: CommandContext
): void {
  const { output, verbose } = flags
  const forPeople = output === 'table' ? stdout : stderr
  forPeople.write(`${renderResult(result, hasColor(forPeople, flags, env)).join('\n')}\n`)
  if (output !== 'table') writeDocument(stdout, result.summary, output)
  if (result.error !== undefined) {
    stderr.write(reportError(result.error, { color: hasColor(stderr, flags, env), verbose }))
  }
}
