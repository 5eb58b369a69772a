import { spawn } from 'node:child_process'

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  /** After this time the command is killed and the promise rejects. */
  readonly timeoutMs?: number
}

export interface CommandResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end, whatever its exit code. Rejects only when it can't be started or runs out of time. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {}
): Promise<CommandResult> {
  const { cwd, env, input = '', timeoutMs = 120_000 } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    let expired = false
    const timer = setTimeout(() => {
      expired = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    // A command that ends without reading its input is judged by its exit code, not by our broken pipe.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer)
      if (expired) reject(new Error(`${command} was still running after ${timeoutMs} ms\n${stdout}\n${stderr}`))
      else resolve({ exitCode, signal, stdout, stderr })
    })
  })
}

/** Runs a command that has to succeed and returns its standard output. */
export async function runSuccessfully(
  command: string,
  args: readonly string[],
  options: CommandOptions = {}
): Promise<string> {
  const { exitCode, signal, stdout, stderr } = await runCommand(command, args, options)
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode ?? signal}\n${stdout}\n${stderr}`)
  return stdout
}
