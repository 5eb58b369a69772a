import { runCommand } from '../../test/helpers/run-command.ts'

export async function isInstalled(command: string): Promise<boolean> {
  return runCommand(command, ['--version']).then(
    ({ exitCode }) => exitCode === 0,
    () => false
  )
}
