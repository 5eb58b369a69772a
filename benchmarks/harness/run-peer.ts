import type { PeerCommand } from '../peers/peer.ts'
import { brokerCpu } from './broker-cpu.ts'
import type { Clusters } from './clusters.ts'
import { topicLogBytes } from './log-growth.ts'
import { startProcessGroup } from './process-group.ts'
import { ProcessTree } from './process-tree.ts'
import { untilComplete, type Sample } from './steady-state.ts'
import { whenStill } from './when-still.ts'

const SAMPLE_MS = 50

export interface PeerRun {
  readonly clusters: Clusters
  readonly targetTopic: string
  readonly partitions: number
  readonly timeoutMs: number
  /** Asked about a mirror that never ends, each time its log has stood still. */
  readonly isComplete: () => Promise<boolean>
}

/** Runs a mirror to its end, watching its processes and the target's log. It never outlives this process. */
export async function runPeer(peer: PeerCommand, run: PeerRun): Promise<readonly Sample[]> {
  const { source, target } = run.clusters
  const sourceCpu = brokerCpu(source.broker)
  const targetCpu = brokerCpu(target.broker)
  const started = performance.now()
  const group = await startProcessGroup(peer)
  const tree = new ProcessTree(group.pid)
  const samples: Sample[] = []
  const look = (): void => {
    const now = performance.now()
    samples.push({
      seconds: (now - started) / 1000,
      logBytes: topicLogBytes(target.logDirectory, run.targetTopic, run.partitions),
      ...tree.sample(now),
      sourceBrokerCpuSeconds: sourceCpu(),
      targetBrokerCpuSeconds: targetCpu()
    })
  }
  look()
  const sampler = setInterval(look, SAMPLE_MS)
  const watch = peer.neverEnds === true ? new AbortController() : undefined
  let stopped = false
  let expired = false
  const limit = setTimeout(() => {
    expired = true
    group.kill()
  }, run.timeoutMs)
  try {
    if (watch) {
      const complete = whenStill(() => samples.at(-1)?.logBytes ?? 0, run.isComplete, watch.signal)
      stopped = await Promise.race([complete, group.exit.then(() => false)])
      if (stopped) group.kill()
    }
    const exit = await group.exit
    // What it did while it was asked about is no part of the copy.
    if (stopped) return untilComplete(samples)
    look()
    if (expired) throw new Error(`still running after ${run.timeoutMs / 1000} s\n${group.tail()}`)
    if (exit !== 0) throw new Error(`ended with ${exit}\n${group.tail()}`)
    return samples
  } finally {
    watch?.abort()
    clearInterval(sampler)
    clearTimeout(limit)
    group.kill()
  }
}
