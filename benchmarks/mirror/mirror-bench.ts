import type { Clusters } from '../harness/clusters.ts'
import { copyTopic } from '../harness/copy-topic.ts'
import { medianInterval } from '../harness/median.ts'
import { PARTITIONS, type Shape } from '../harness/shapes.ts'
import { withSourceTopic } from '../harness/source-topic.ts'
import { steadyState, type Figures } from '../harness/steady-state.ts'
import type { Peer } from '../peers/peer.ts'
import type { Measurement, PairedRatio, SweepResult } from './mirror-details.ts'

export interface MirrorBenchOptions {
  readonly clusters: Clusters
  readonly loader: string
  readonly verify: boolean
  readonly log: (line: string) => void
}

/** A smaller topic tells as much about which setting is best. */
const SWEEP_DIVISOR = 2

/**
 * Copies real topics between two real brokers with every peer, one after the other and in turns.
 *
 * Invariant: at most one peer runs at a time, and one source topic is there at a time.
 */
export class MirrorBench {
  readonly paired: PairedRatio[] = []
  readonly sweeps: SweepResult[] = []
  readonly #options: MirrorBenchOptions
  readonly #figures = new Map<string, Figures[]>()
  readonly #failures = new Map<string, string>()

  constructor(options: MirrorBenchOptions) {
    this.#options = options
  }

  /** Looks for the best value of the peers' settings on one shape, and uses it on all. */
  async sweepOnce(peers: readonly Peer[], shape: Shape, all: readonly Shape[]): Promise<void> {
    const swept = peers.filter(({ sweep }) => sweep !== undefined)
    if (swept.length === 0) return
    const smaller = { ...shape, name: `${shape.name}-sweep`, records: Math.ceil(shape.records / SWEEP_DIVISOR) }
    await this.#load(smaller, async (topic) => {
      for (const peer of swept) await this.#sweep(peer, smaller, topic, all)
    })
  }

  /** Every peer once, then again: what drifts, drifts for all. With `sweep`, each shape has its own best settings. */
  async runInTurns(
    peers: readonly Peer[],
    shapes: readonly Shape[],
    { runs, sweep }: { readonly runs: number; readonly sweep: boolean }
  ): Promise<void> {
    for (const shape of shapes) {
      await this.#load(shape, async (topic) => {
        if (sweep) for (const peer of peers) await this.#sweep(peer, shape, topic, [shape])
        for (let run = 0; run < runs; run++) for (const peer of peers) await this.#run(peer, shape, topic)
      })
    }
  }

  async runPairs([peer, control]: readonly Peer[], shapes: readonly Shape[], pairs: number): Promise<void> {
    if (peer === undefined || control === undefined) throw new Error('pairs need two peers')
    for (const shape of shapes) {
      const ratios = await this.#load(shape, (topic) => this.#pairs(peer, control, shape, topic, pairs))
      if (ratios.length === 0) continue
      const names = { shape: shape.name, peer: peer.name, control: control.name }
      this.paired.push({ ...names, ratios, ...medianInterval(ratios) })
    }
  }

  measurements(peers: readonly Peer[], shapes: readonly Shape[]): readonly Measurement[] {
    return shapes.flatMap((shape) =>
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

  async #pairs(peer: Peer, control: Peer, shape: Shape, topic: string, pairs: number): Promise<readonly number[]> {
    const ratios: number[] = []
    for (let pair = 0; pair < pairs; pair++) {
      // Who goes first changes: ABBA.
      const order = pair % 2 === 0 ? [peer, control] : [control, peer]
      const figures = new Map<Peer, Figures | undefined>()
      for (const each of order) figures.set(each, await this.#run(each, shape, topic))
      const ours = figures.get(peer)
      const theirs = figures.get(control)
      if (ours && theirs) ratios.push(ours.cpuMicrosPerRecord / theirs.cpuMicrosPerRecord)
    }
    return ratios
  }

  async #sweep(peer: Peer, shape: Shape, topic: string, usedOn: readonly Shape[]): Promise<void> {
    const { sweep } = peer
    if (sweep === undefined) return
    const tries: SweepResult['tries'][number][] = []
    for (const value of sweep.values) {
      sweep.use(shape, value)
      try {
        const figures = await this.#copy(peer, shape, topic)
        this.#tell(`${key(peer, shape)} ${sweep.setting}=${value}`, figures)
        tries.push({ value, figures })
      } catch (error) {
        this.#options.log(`${key(peer, shape)} ${sweep.setting}=${value}: FAILED, ${messageOf(error)}`)
      }
    }
    const best = tries.toSorted((a, b) => b.figures.recordsPerSecond - a.figures.recordsPerSecond)[0]
    if (best === undefined) return
    for (const used of usedOn) sweep.use(used, best.value)
    this.sweeps.push({
      peer: peer.name,
      shape: shape.name,
      records: shape.records,
      setting: sweep.setting,
      tries,
      best: best.value,
      usedOn: usedOn.map(({ name }) => name)
    })
  }

  /** A peer that failed on a shape is not tried there again. */
  async #run(peer: Peer, shape: Shape, topic: string): Promise<Figures | undefined> {
    const name = key(peer, shape)
    if (this.#failures.has(name)) return undefined
    try {
      const figures = await this.#copy(peer, shape, topic)
      this.#figures.set(name, [...(this.#figures.get(name) ?? []), figures])
      this.#tell(name, figures)
      return figures
    } catch (error) {
      this.#failures.set(name, messageOf(error))
      this.#options.log(`${name}: FAILED, ${messageOf(error)}`)
      return undefined
    }
  }

  async #copy(peer: Peer, shape: Shape, sourceTopic: string): Promise<Figures> {
    const { clusters, verify } = this.#options
    const samples = await copyTopic({ clusters, peer, shape, partitions: PARTITIONS, sourceTopic, verify })
    return steadyState(samples, shape.records)
  }

  #load<Result>(shape: Shape, work: (topic: string) => Promise<Result>): Promise<Result> {
    const { loader, clusters, log } = this.#options
    log(`loading ${shape.name}: ${shape.records.toLocaleString('en')} records`)
    return withSourceTopic(loader, clusters, shape, work)
  }

  #tell(what: string, { recordsPerSecond, cpuMicrosPerRecord, peakRssBytes }: Figures): void {
    const speed = `${Math.round(recordsPerSecond).toLocaleString('en')} records/s, ${cpuMicrosPerRecord.toFixed(2)} µs`
    this.#options.log(`${what}: ${speed}, ${Math.round(peakRssBytes / 1e6)} MB`)
  }
}

function key(peer: Peer, shape: Shape): string {
  return `${shape.name} ${peer.name}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
