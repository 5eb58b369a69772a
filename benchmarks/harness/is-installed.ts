import { runCommand } from '../../test/helpers/run-command.ts'

/** `args` ask for its version. */
export async function isInstalled(command: string, args: readonly string[] = ['--version']): Promise<boolean> {
  return (await versionOf(command, args)) !== undefined
}

/** The first thing in what it prints that looks like a version, or else all of it; undefined when there is no such command. */
export async function versionOf(command: string, args: readonly string[]): Promise<string | undefined> {
  return runCommand(command, args).then(
    ({ exitCode, stdout }) => (exitCode === 0 ? (/\d+(\.\d+)+/.exec(stdout)?.[0] ?? stdout.trim()) : undefined),
    () => undefined
  )
}
