import type { VerifyMode } from '../verify/verify-types.ts'
import { type CommandContext, type CommonFlags, hasColor } from './command-context.ts'
import { EXIT } from './exit-code.ts'
import type { JobApi } from './job-api.ts'
import { loadJob } from './load-job.ts'
import { renderVerification } from './render-verification.ts'
import { abortOnSignal } from './stop-signals.ts'
import { VerifyScreen } from './verify-screen.ts'
import { type OutputFormat, writeDocument } from './write-document.ts'

export interface VerifyFlags extends CommonFlags {
  readonly set: readonly string[]
  readonly output: OutputFormat
  readonly counts?: boolean
  readonly sample?: number
  readonly strict: boolean
}

/** Compares source and target. Exit 3 when they differ. */
export async function verifyCommand(
  file: string,
  flags: VerifyFlags,
  context: CommandContext,
  api: JobApi
): Promise<number> {
  const { config, resolveSecrets } = loadJob(file, flags.set, context)
  const mode: VerifyMode = flags.counts === true ? 'counts' : flags.sample !== undefined ? 'sample' : 'full'
  const screen = new VerifyScreen(context)
  try {
    const verification = await abortOnSignal(context, (signal) =>
      api.verifyJob(config, {
        mode,
        strict: flags.strict,
        sampleRecords: flags.sample,
        resolveSecrets,
        signal,
        onProgress: (progress) => screen.show(progress)
      })
    )
    screen.close()
    const { stdout, env } = context
    if (flags.output === 'table') {
      stdout.write(`${renderVerification(verification, hasColor(stdout, flags, env)).join('\n')}\n`)
    } else {
      writeDocument(stdout, verification, flags.output)
    }
    return verification.equal ? EXIT.done : EXIT.different
  } finally {
    screen.close()
  }
}
