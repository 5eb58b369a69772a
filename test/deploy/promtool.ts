import { describe } from 'vitest'
import { runCommand } from '../helpers/run-command.ts'

const installed = await runCommand('promtool', ['--version']).then(
  ({ exitCode }) => exitCode === 0,
  () => false
)
if (!installed && process.env['CI'] === 'true') throw new Error('CI has to have promtool (package prometheus)')

/** `describe` for what promtool judges: skipped, with the reason in its name, where it is not installed; an error there in CI. */
export function describeWithPromtool(name: string, tests: () => void): void {
  if (installed) describe(name, tests)
  else describe.skip(`${name} (promtool is not installed)`, tests)
}

/** What promtool says when it has an objection; undefined = none. */
export async function promtool(...args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await runCommand('promtool', args)
  return exitCode === 0 ? undefined : stdout + stderr
}
