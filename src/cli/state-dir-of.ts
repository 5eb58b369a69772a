import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { nameOption } from '../job/options.ts'
import type { CommandContext } from './command-context.ts'
import { loadJob } from './load-job.ts'

/** The state directory of a job that is named, or whose file is given. */
export function stateDirOf(
  job: string,
  { stateDir, set }: { readonly stateDir?: string; readonly set: readonly string[] },
  context: CommandContext
): string {
  if (stateDir !== undefined) return resolve(context.cwd, stateDir)
  const isFile = statSync(resolve(context.cwd, job), { throwIfNoEntry: false })?.isFile() === true
  if (!isFile && nameOption.check(job) === undefined && !/\.(?:ya?ml|json)$/i.test(job)) {
    return resolve(context.cwd, '.millrace', job)
  }
  return loadJob(job, set, context).config.stateDir
}
