import type { JobResult } from '../job/job-types.ts'
import type { JobEvent } from '../telemetry/events.ts'
import { tellEvent } from '../telemetry/tell-event.ts'
import { type CommandContext, type CommonFlags, hasColor } from './command-context.ts'
import { exitCodeOfJob } from './exit-code.ts'
import type { JobApi } from './job-api.ts'
import { openJobLog } from './open-job-log.ts'
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
  const { screen, log, onlyObjects, sharesScreen, say, close } = openJobLog(config, flags, context)
  try {
    const job = api.createJob(config, {
      reset: flags.reset,
      retryAuthentication: flags.retryAuthentication,
      resolveSecrets,
      exports,
      onEvent: (event) => {
        const told = sharesScreen ? withoutResult(event) : event
        if (told !== undefined) tellEvent(log, told)
      }
    })
    const { result, signal } = await watchJob(job, screen, say, context)
    writeResult(result, flags, context, onlyObjects)
    return exitCodeOfJob(result, signal)
  } finally {
    close()
  }
}

/** Without what the result says again a few lines further down; undefined where nothing is left. */
function withoutResult(event: JobEvent): JobEvent | undefined {
  if (event.type === 'refused') return undefined
  return event.type === 'state' ? { type: 'state', state: event.state } : event
}

/**
 * The result for people, on stdout if nothing else goes there; then what made the job fail. Stderr may belong to the log
 * alone (`onlyObjects`), which has both already.
 */
export function writeResult(
  result: JobResult,
  flags: CommonFlags & { readonly output: OutputFormat },
  { stdout, stderr, env }: CommandContext,
  onlyObjects = false
): void {
  const { output, verbose } = flags
  const forPeople = output === 'table' ? stdout : stderr
  if (output === 'table' || !onlyObjects) {
    forPeople.write(`${renderResult(result, hasColor(forPeople, flags, env)).join('\n')}\n`)
  }
  if (output !== 'table') writeDocument(stdout, result.summary, output)
  if (result.error !== undefined && !onlyObjects) {
    stderr.write(reportError(result.error, { color: hasColor(stderr, flags, env), verbose }))
  }
}
