import { type CommandContext, type CommonFlags, hasColor } from './command-context.ts'
import { EXIT } from './exit-code.ts'
import type { JobApi } from './job-api.ts'
import { loadJob } from './load-job.ts'
import { renderCheck } from './render-check.ts'
import { abortOnSignal } from './stop-signals.ts'
import { type OutputFormat, writeDocument } from './write-document.ts'

export interface CheckFlags extends CommonFlags {
  readonly set: readonly string[]
  readonly output: OutputFormat
}

export async function checkCommand(
  file: string,
  flags: CheckFlags,
  context: CommandContext,
  api: JobApi
): Promise<number> {
  const { config, resolveSecrets } = loadJob(file, flags.set, context)
  const stages = await abortOnSignal(context, (signal) => api.checkJob(config, { resolveSecrets, signal }))
  const ok = stages.every((stage) => stage.ok)
  if (flags.output === 'table') {
    const color = hasColor(context.stdout, flags, context.env)
    context.stdout.write(`${renderCheck(stages, color).join('\n')}\n`)
  } else {
    writeDocument(context.stdout, { ok, stages }, flags.output)
  }
  return ok ? EXIT.done : EXIT.refused
}
