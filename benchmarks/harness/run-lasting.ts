import type { PeerCommand } from '../peers/peer.ts'
import { startProcessGroup } from './process-group.ts'
import { ProcessTree, type TreeSample } from './process-tree.ts'

const SAMPLE_MS = 100
/** A mirror that was asked to end and does not is killed then. */
const END_DEADLINE_MS = 30_000

export interface LastingRun {
  /** CPU of all its processes so far; memory at the moment. */
  sample(): TreeSample
  /** The greatest sum of resident memory seen so far. */
  peakRssBytes(): number
  /** Throws, with the end of its output, when it has ended by itself. */
  assertRunning(): void
}

/** Lets a mirror that never ends by itself run for as long as `work` takes. */
export async function withLastingRun<Result>(
  command: PeerCommand,
  work: (run: LastingRun) => Promise<Result>
): Promise<Result> {
  const group = await startProcessGroup(command)
  const tree = new ProcessTree(group.pid)
  let ended: number | NodeJS.Signals | null | undefined
  void group.exit.then((exit) => (ended = exit))
  let peakRssBytes = 0
  const sample = (): TreeSample => {
    const taken = tree.sample(performance.now())
    peakRssBytes = Math.max(peakRssBytes, taken.rssBytes)
    return taken
  }
  const sampler = setInterval(sample, SAMPLE_MS)
  try {
    return await work({
      sample,
      peakRssBytes: () => peakRssBytes,
      assertRunning() {
        if (ended !== undefined) throw new Error(`ended with ${ended}\n${group.tail()}`)
      }
    })
  } finally {
    clearInterval(sampler)
    const deadline = setTimeout(() => group.kill(), END_DEADLINE_MS)
    group.end()
    await group.exit
    clearTimeout(deadline)
  }
}
