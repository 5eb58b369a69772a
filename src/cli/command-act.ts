import type { CommandContext, CommonFlags } from './command-context.ts'
import { hasColor } from './command-context.ts'
import { SIGNAL_EXIT, exitCodeOfError } from './exit-code.ts'
import type { JobApi } from './job-api.ts'
import { reportError } from './report-error.ts'
import { StoppedBySignal } from './stop-signals.ts'

/** What the commands of one call share. */
export interface CommandLine {
  readonly context: CommandContext
  readonly loadApi: () => Promise<JobApi>
  exitCode: number
}

type Action = (...args: unknown[]) => Promise<number>

/** Commander calls with the arguments, the flags and the command. */
export function act(
  line: CommandLine,
  exitCodeOf: (error: unknown) => number,
  action: Action
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const flags = args.at(-2) as CommonFlags
    try {
      line.exitCode = await action(...args)
    } catch (error) {
      line.exitCode = reportFailure(error, flags, line.context, exitCodeOf)
    }
  }
}

export function reportFailure(
  error: unknown,
  flags: CommonFlags,
  { stderr, env }: CommandContext,
  exitCodeOf = exitCodeOfError
): number {
  if (error instanceof StoppedBySignal) {
    stderr.write(`Stopped by ${error.signal}.\n`)
    return SIGNAL_EXIT[error.signal]
  }
  stderr.write(reportError(error, { color: hasColor(stderr, flags, env), verbose: flags.verbose }))
  return exitCodeOf(error)
}
