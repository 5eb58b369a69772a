import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const DEFAULT_TIMEOUT_MS = 60_000
const POLL_MS = 20

export interface CliOptions {
  readonly cwd?: string
  /** On top of this process's environment, less what would configure the command line behind the test's back. */
  readonly env?: NodeJS.ProcessEnv
  readonly timeoutMs?: number
}

export interface CliResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly pid: number
  /** What was written so far. */
  readonly stdout: string
  readonly stderr: string
  kill(signal: NodeJS.Signals): void
  /** Waits until stdout and stderr together match; rejects when the process ends first or time runs out. */
  printed(pattern: RegExp, timeoutMs?: number): Promise<void>
  /** Waits for the end; rejects when the process had to be killed at its time limit. */
  finished(): Promise<CliResult>
}

/** Runs `millrace ARGS` as it was built, to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).finished()
}

/** Starts `millrace ARGS` as it was built. It is killed when its time is over or this process ends. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const { cwd, env = {}, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  // setpriv becomes the command line, with the same pid, and has the kernel kill it if we are killed.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', process.execPath, MAIN, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let stdout = ''
  let stderr = ''
  let expired = false
  let ended = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const killHard = (): boolean => child.kill('SIGKILL')
  process.once('exit', killHard)
  const timer = setTimeout(() => {
    expired = true
    killHard()
  }, timeoutMs)
  const closed = once(child, 'close').then(([exitCode, signal]): CliResult => {
    ended = true
    clearTimeout(timer)
    process.removeListener('exit', killHard)
    return { exitCode: exitCode as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr }
  })
  // Whoever calls finished() sees a failure to start; nobody else has to.
  closed.catch(() => undefined)

  return {
    pid: child.pid ?? 0,
    get stdout() {
      return stdout
    },
    get stderr() {
      return stderr
    },
    kill: (signal) => void child.kill(signal),
    async printed(pattern, limitMs = timeoutMs) {
      const deadline = Date.now() + limitMs
      while (!pattern.test(stdout + stderr)) {
        if (ended) throw new Error(`millrace ended before it printed ${pattern}\n${stdout}\n${stderr}`)
        if (Date.now() > deadline) throw new Error(`millrace did not print ${pattern}\n${stdout}\n${stderr}`)
        await sleep(POLL_MS)
      }
    },
    async finished() {
      const result = await closed
      if (expired) throw new Error(`millrace was still running after ${timeoutMs} ms\n${stdout}\n${stderr}`)
      return result
    }
  }
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(MILLRACE_(?!TEST_)|OTEL_|VITEST|NODE_OPTIONS$|FORCE_COLOR$)/.test(name)
  )
  return { ...Object.fromEntries(kept), NO_COLOR: '1' }
}
