import type { Clusters } from '../harness/clusters.ts'
import { copyTopic } from '../harness/copy-topic.ts'
import { medianInterval } from '../harness/median.ts'
import { PARTITIONS, type Shape } from '../harness/shapes.ts'
import { buildLoader, loadSourceTopic } from '../harness/source-topic.ts'
import { steadyState, type Figures } from '../harness/steady-state.ts'
import type { Peer } from '../peers/peer.ts'
import type { Measurement, PairedRatio } from './mirror-details.ts'

export interface MirrorBenchOptions {
  readonly shapes: readonly Shape[]
  readonly verify: boolean
  readonly log: (line: string) => void
}

/**
 * Copies real topics between two real brokers with every peer, one after the other and in turns.
 *
 * Invariant: at most one peer runs at a time.
 */
export class MirrorBench {
  readonly paired: PairedRatio[] = []
  readonly #clusters: Clusters
  readonly #options: MirrorBenchOptions
  readonly #figures = new Map<string, Figures[]>()
  readonly #failures = new Map<string, string>()
  readonly #sourceTopics = new Map<string, string>()

  constructor(clusters: Clusters, options: MirrorBenchOptions) {
    this.#clusters = clusters
    this.#options = options
  }

  async prepare(peers: readonly Peer[]): Promise<void> {
    const { shapes, log } = this.#options
    const { directory } = this.#clusters
    const loader = await buildLoader(directory)
    for (const peer of peers) await peer.prepare(directory)
    for (const shape of shapes) {
      log(`loading ${shape.name}: ${shape.records.toLocaleString('en')} records`)
      this.#sourceTopics.set(shape.name, await loadSourceTopic(loader, this.#clusters, shape))
    }
  }

  /** Every peer once, then again: what drifts, drifts for all. */
  async runInTurns(peers: readonly Peer[], runs: number): Promise<void> {
    for (let run = 0; run < runs; run++) {
      for (const shape of this.#options.shapes) for (const peer of peers) await this.#run(peer, shape)
    }
  }

  async runPairs([peer, control]: readonly Peer[], pairs: number): Promise<void> {
    if (peer === undefined || control === undefined) throw new Error('pairs need two peers')
    for (const shape of this.#options.shapes) {
      const ratios: number[] = []
      for (let pair = 0; pair < pairs; pair++) {
        // Who goes first changes: ABBA.
        const order = pair % 2 === 0 ? [peer, control] : [control, peer]
        const figures = new Map<Peer, Figures | undefined>()
        for (const each of order) figures.set(each, await this.#run(each, shape))
        const ours = figures.get(peer)
        const theirs = figures.get(control)
        if (ours && theirs) ratios.push(ours.cpuMicrosPerRecord / theirs.cpuMicrosPerRecord)
      }
      if (ratios.length === 0) continue
      const names = { shape: shape.name, peer: peer.name, control: control.name }
      this.paired.push({ ...names, ratios, ...medianInterval(ratios) })
    }
  }

  measurements(peers: readonly Peer[]): readonly Measurement[] {
    return this.#options.shapes.flatMap((shape) =>
      peers.map((peer) => {
        const failure = this.#failures.get(key(peer, shape))
        return {
          peer: peer.name,
          shape: shape.name,
          runs: this.#figures.get(key(peer, shape)) ?? [],
          ...(failure === undefined ? {} : { failure })
        }
      })
    )
  }

  /** A peer that failed on a shape is not tried there again. */
  async #run(peer: Peer, shape: Shape): Promise<Figures | undefined> {
    const { log, verify } = this.#options
    const name = key(peer, shape)
    if (this.#failures.has(name)) return undefined
    try {
      const sourceTopic = this.#sourceTopics.get(shape.name) ?? ''
      const samples = await copyTopic({
        clusters: this.#clusters,
        peer,
        shape,
        partitions: PARTITIONS,
        sourceTopic,
        verify
      })
      const figures = steadyState(samples, shape.records)
      this.#figures.set(name, [...(this.#figures.get(name) ?? []), figures])
      const speed = `${Math.round(figures.recordsPerSecond / 1000)} k/s, ${figures.cpuMicrosPerRecord.toFixed(2)} µs`
      log(`${name}: ${speed}, ${Math.round(figures.peakRssBytes / 1e6)} MB`)
      return figures
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error)
      this.#failures.set(name, failure)
      log(`${name}: FAILED, ${failure}`)
      return undefined
    }
  }
}

function key(peer: Peer, shape: Shape): string {
  return `${shape.name} ${peer.name}`
}
