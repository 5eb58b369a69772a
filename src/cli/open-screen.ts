import { createLog } from '../telemetry/log/create-log.ts'
import type { Log, LogLevel } from '../telemetry/log/log.ts'
import { type CommandContext, type CommonFlags, hasColor, isTerminal } from './command-context.ts'
import type { JobScreen, JobView } from './job-view.ts'
import { LineScreen } from './line-screen.ts'
import { LiveScreen } from './live-screen.ts'

/** Where a running job is shown: on stderr, because stdout is for data. `progress`: see `LineScreen`. */
export function openScreen(
  flags: CommonFlags,
  { stderr, env }: CommandContext,
  progress?: (view: JobView) => void
): JobScreen {
  return isTerminal(stderr, env)
    ? new LiveScreen(stderr, hasColor(stderr, flags, env))
    : new LineScreen(stderr, progress)
}

/** The log as text on the screen. */
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
