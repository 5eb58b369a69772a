import type { JobConfig } from '../config/job-config.ts'
import { createLog } from '../telemetry/log/create-log.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import type { Log, LogLevel } from '../telemetry/log/log.ts'
import { RotatingFile } from '../telemetry/log/rotating-file.ts'
import { type CommandContext, type CommonFlags, hasColor, isTerminal } from './command-context.ts'
import type { JobScreen, JobView } from './job-view.ts'
import { progressLine } from './line-screen.ts'
import { openScreen } from './open-screen.ts'
import { totalLag } from './topic-progress.ts'

export interface JobLog {
  readonly screen: JobScreen
  readonly log: Log
  /** The log goes to stderr for programs: nothing else belongs there while the job runs or when it has ended. */
  readonly onlyObjects: boolean
  /** The log is text on stderr, where the result will be shown to the same eyes. */
  readonly sharesScreen: boolean
  /** Tells whoever runs the job: in the log, and on the screen if the log is somewhere else. */
  readonly say: (message: string) => void
  /** After the screen. */
  readonly close: () => void
}

/**
 * Screen and log of a running job as `log.*` says. SIGUSR2 switches the level of the log. Throws MR_LOG_FILE, before
 * anything is drawn, when the log file can't be written.
 */
export function openJobLog(
  config: Pick<JobConfig, 'name' | 'log'>,
  flags: CommonFlags,
  context: CommandContext
): JobLog {
  const { stderr, env } = context
  const { level, format, file: path, maxSizeBytes, maxFiles } = config.log
  const configured = flags.verbose ? 'debug' : level
  const file =
    path === undefined
      ? undefined
      : new RotatingFile({
          path,
          maxSizeBytes,
          maxFiles,
          onTrouble: ({ message }) =>
            screen.print(
              `The log file is in trouble: ${escapeControls(message)}. What can't be written to it is shown here.\n`
            )
        })
  const onlyObjects = format === 'json' && file === undefined
  const screen = openScreen(flags, context, onlyObjects ? (view) => logProgress(log, view) : undefined)
  const text = file === undefined && isTerminal(stderr, env) ? 'terminal' : 'file'
  const log = createLog({
    level: configured,
    write: (line) => {
      if (file?.write(line) !== true) screen.print(line)
    },
    style: format === 'json' ? 'json' : text,
    color: file === undefined && hasColor(stderr, flags, env),
    attributes: { job: config.name }
  })
  const say = (message: string): void => {
    log.log('warn', message)
    if (file !== undefined) screen.print(`${escapeControls(message)}\n`)
  }
  const release = context.onLevelSignal(() => switchLevel(log, configured))
  return {
    screen,
    log,
    onlyObjects,
    sharesScreen: file === undefined && !onlyObjects,
    say,
    close() {
      release()
      file?.close()
    }
  }
}

/** Between debug and what is configured. Said while the level is debug: so it is said whatever the other one is. */
function switchLevel(log: Log, configured: LogLevel): void {
  if (log.level !== 'debug') {
    log.level = 'debug'
    log.log('info', 'SIGUSR2: the level of the log is debug now. Once more sets it back.')
    return
  }
  const level = configured === 'debug' ? 'info' : configured
  log.log('info', `SIGUSR2: the level of the log is ${level} now.`)
  log.level = level
}

function logProgress(log: Log, view: JobView): void {
  const { totals, partitions, seconds, restarts } = view.snapshot
  log.log('info', progressLine(view), {
    event: 'progress',
    seconds: Math.round(seconds),
    records: totals.records,
    bytes: totals.bytes,
    lag: totalLag(partitions),
    restarts
  })
}
