import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { PeerCommand } from '../peers/peer.ts'

/** What is kept of the output, for the message when a run fails. */
const TAIL = 4000

export interface ProcessGroup {
  readonly pid: number
  /** Exit code, or the signal that ended the first process. */
  readonly exit: Promise<number | NodeJS.Signals | null>
  /** The end of what it printed. */
  tail(): string
  /** SIGTERM, to the first process only: it decides how the others end. */
  end(): void
  /** SIGKILL to all that are left. */
  kill(): void
}

/** Starts a command in a group of its own, so that all its processes can be ended together. None outlives this process. */
export async function startProcessGroup({ command, args, env }: PeerCommand): Promise<ProcessGroup> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...cleanEnvironment(), ...env }
  })
  let tail = ''
  const keep = (text: string): void => {
    tail = (tail + text).slice(-TAIL)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const { pid } = child
  if (pid === undefined) {
    await exited
    throw new Error(`${command} did not start`)
  }
  const kill = (): void => {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // Nobody of the group is left.
    }
  }
  process.once('exit', kill)
  const exit = exited.then(([code, signal]) => {
    process.removeListener('exit', kill)
    // Children of one that crashed.
    kill()
    return code ?? signal
  })
  return { pid, exit, tail: () => tail, end: () => child.kill('SIGTERM'), kill }
}

/** Nothing of ours tunes a peer: neither npm's variables nor a user's for millrace, malloc or Node.js. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|MILLRACE_|MALLOC_|OTEL_|NODE_OPTIONS$|UV_)/.test(name))
  )
}
