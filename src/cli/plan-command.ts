import { plural } from '../model/format-quantities.ts'
import { type CommandContext, type CommonFlags, hasColor } from './command-context.ts'
import { EXIT } from './exit-code.ts'
import type { JobApi } from './job-api.ts'
import { loadJob } from './load-job.ts'
import { renderPlan } from './render-plan.ts'
import { abortOnSignal } from './stop-signals.ts'
import { type OutputFormat, writeDocument } from './write-document.ts'

export interface PlanFlags extends CommonFlags {
  readonly set: readonly string[]
  readonly output: OutputFormat
  readonly reset: boolean
}

export async function planCommand(
  file: string,
  flags: PlanFlags,
  context: CommandContext,
  api: JobApi
): Promise<number> {
  const { config, resolveSecrets, resolveExports } = loadJob(file, flags.set, context)
  const { stdout, stderr } = context
  const plan = await abortOnSignal(context, (signal) =>
    // A look makes its one attempt each time it is asked for: it remembers nothing.
    api.planJob(config, {
      reset: flags.reset,
      retryAuthentication: true,
      resolveSecrets,
      exports: resolveExports(),
      signal
    })
  )
  const refused = plan.refusals.length > 0
  if (flags.output === 'table') {
    const style = { color: hasColor(stdout, flags, context.env), verbose: flags.verbose }
    stdout.write(`${renderPlan(plan, style).join('\n')}\n`)
  } else {
    writeDocument(stdout, plan, flags.output)
  }
  if (refused) stderr.write(`A run would be refused for ${plural(plan.refusals.length, 'reason')}.\n`)
  return refused ? EXIT.refused : EXIT.done
}
