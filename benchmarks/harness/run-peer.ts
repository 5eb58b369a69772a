import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { PeerCommand } from '../peers/peer.ts'
import type { Clusters } from './clusters.ts'
import { topicLogBytes } from './log-growth.ts'
import { ProcessTree } from './process-tree.ts'
import type { Sample } from './steady-state.ts'

const SAMPLE_MS = 50
/** What is kept of stderr, for the message when a run fails. */
const TAIL = 4000

export interface PeerRun {
  readonly clusters: Clusters
  readonly targetTopic: string
  readonly partitions: number
  readonly timeoutMs: number
}

/** Runs a mirror to its end, watching its processes and the target's log. It never outlives this process. */
export async function runPeer(peer: PeerCommand, run: PeerRun): Promise<readonly Sample[]> {
  const { source, target } = run.clusters
  const brokersBefore = [source.broker.cpuSeconds(), target.broker.cpuSeconds()] as const
  const started = performance.now()
  // A group of its own, so that all its processes can be ended together.
  const child = spawn(peer.command, peer.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...cleanEnvironment(), ...peer.env }
  })
  let tail = ''
  const keep = (text: string): void => {
    tail = (tail + text).slice(-TAIL)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const { pid } = child
  if (pid === undefined) {
    await exit
    throw new Error(`${peer.command} did not start`)
  }
  const killAll = (): void => killGroup(pid)
  process.once('exit', killAll)
  const tree = new ProcessTree(pid)
  const samples: Sample[] = []
  const look = (): void => {
    const now = performance.now()
    samples.push({
      seconds: (now - started) / 1000,
      logBytes: topicLogBytes(target.logDirectory, run.targetTopic, run.partitions),
      ...tree.sample(now),
      sourceBrokerCpuSeconds: source.broker.cpuSeconds() - brokersBefore[0],
      targetBrokerCpuSeconds: target.broker.cpuSeconds() - brokersBefore[1]
    })
  }
  look()
  const sampler = setInterval(look, SAMPLE_MS)
  let expired = false
  const limit = setTimeout(() => {
    expired = true
    killAll()
  }, run.timeoutMs)
  try {
    const [code, signal] = await exit
    look()
    if (expired) throw new Error(`still running after ${run.timeoutMs / 1000} s\n${tail}`)
    if (code !== 0) throw new Error(`ended with ${code ?? signal}\n${tail}`)
    return samples
  } finally {
    clearInterval(sampler)
    clearTimeout(limit)
    killAll()
    process.removeListener('exit', killAll)
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}

/** Nothing of ours tunes a peer: neither npm's variables nor a user's for millrace, malloc or Node.js. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|MILLRACE_|MALLOC_|OTEL_|NODE_OPTIONS$|UV_)/.test(name))
  )
}
