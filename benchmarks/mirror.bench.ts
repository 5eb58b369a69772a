import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { administer, createTopic } from '../test/helpers/checker.ts'
import { checkCopy } from './harness/check-copy.ts'
import { Clusters } from './harness/clusters.ts'
import { surroundings } from './harness/machine.ts'
import { medianInterval } from './harness/median.ts'
import type { Measurement, PairedRatio, Results } from './harness/results.ts'
import { runPeer } from './harness/run-peer.ts'
import { PARTITIONS, type Shape } from './harness/shapes.ts'
import { buildLoader, loadSourceTopic } from './harness/source-topic.ts'
import { steadyState, type Figures } from './harness/steady-state.ts'
import type { Peer } from './peers/peer.ts'

export interface MirrorBenchOptions {
  readonly shapes: readonly Shape[]
  readonly peers: readonly Peer[]
  /** Of each peer on each shape. */
  readonly runs: number
  /** Instead of runs: so many times the first peer and the second next to each other. */
  readonly pairs?: number | undefined
  readonly verify: boolean
  /** Where the brokers keep their topics; the system's temporary directory unless given. */
  readonly directory?: string | undefined
  readonly log: (line: string) => void
}

/** Slow enough for the slowest peer on a busy machine. */
const LEAST_RECORDS_PER_SECOND = 20_000
const LEAST_BYTES_PER_SECOND = 20e6
const START_AND_END_MS = 60_000

/** Copies real topics between two real brokers with every peer, one after the other and in turns. */
export async function benchMirror(options: MirrorBenchOptions): Promise<Results> {
  const { log, peers, shapes } = options
  const missing = await Promise.all(peers.map(async (peer) => peer.missing()))
  const present = peers.filter((_, index) => missing[index] === undefined)
  for (const [index, peer] of peers.entries()) {
    if (missing[index] !== undefined) log(`${peer.name}: not run, ${missing[index]}`)
  }
  const bench = new MirrorBench(await Clusters.start(options.directory), options)
  const stop = (): void => void bench.clusters.stop().finally(() => process.exit(130))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    await bench.prepare(present)
    if (options.pairs === undefined) await bench.runInTurns(present)
    else await bench.runPairs(present, options.pairs)
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
    await bench.clusters.stop()
  }
  return {
    suite: 'mirror',
    surroundings: await surroundings(),
    partitions: PARTITIONS,
    shapes,
    peers: peers.map((peer, index) => ({
      name: peer.name,
      title: peer.title,
      ...(missing[index] === undefined ? {} : { missing: missing[index] }),
      settings: Object.fromEntries(shapes.map((shape) => [shape.name, peer.settings(shape)]))
    })),
    checked: options.verify ? 'every record' : 'counts and a sample',
    measurements: bench.measurements(present),
    paired: bench.paired
  }
}

/**
 * Invariant: at most one peer runs at a time, and a target topic lives only as long as its run.
 */
class MirrorBench {
  readonly clusters: Clusters
  readonly paired: PairedRatio[] = []
  readonly #options: MirrorBenchOptions
  readonly #figures = new Map<string, Figures[]>()
  readonly #failures = new Map<string, string>()
  readonly #sourceTopics = new Map<string, string>()
  #count = 0

  constructor(clusters: Clusters, options: MirrorBenchOptions) {
    this.clusters = clusters
    this.#options = options
  }

  async prepare(peers: readonly Peer[]): Promise<void> {
    const { shapes, log } = this.#options
    const { directory } = this.clusters
    const loader = await buildLoader(directory)
    for (const peer of peers) await peer.prepare(directory)
    for (const shape of shapes) {
      log(`loading ${shape.name}: ${shape.records.toLocaleString('en')} records`)
      this.#sourceTopics.set(shape.name, await loadSourceTopic(loader, this.clusters, shape))
    }
  }

  /** Every peer once, then again: what drifts, drifts for all. */
  async runInTurns(peers: readonly Peer[]): Promise<void> {
    for (let run = 0; run < this.#options.runs; run++) {
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
    const { log } = this.#options
    const name = key(peer, shape)
    if (this.#failures.has(name)) return undefined
    try {
      const figures = await this.#copy(peer, shape)
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

  async #copy(peer: Peer, shape: Shape): Promise<Figures> {
    const { clusters } = this
    const source = { bootstrap: clusters.source.bootstrapServers }
    const target = { bootstrap: clusters.target.bootstrapServers }
    const sourceTopic = this.#sourceTopics.get(shape.name) ?? ''
    const targetTopic = `copy-${this.#count++}-${peer.name}`
    const directory = join(clusters.directory, targetTopic)
    await mkdir(directory)
    await createTopic(target, targetTopic, PARTITIONS)
    try {
      const command = await peer.command({
        shape,
        partitions: PARTITIONS,
        source: source.bootstrap,
        target: target.bootstrap,
        sourceTopic,
        targetTopic,
        directory
      })
      const timeoutMs = timeLimit(shape)
      const samples = await runPeer(command, { clusters, targetTopic, partitions: PARTITIONS, timeoutMs })
      await checkCopy({ source, target, sourceTopic, targetTopic, everything: this.#options.verify })
      return steadyState(samples, shape.records)
    } finally {
      await administer(target, 'delete_topic', { topic: targetTopic })
      await rm(directory, { recursive: true, force: true })
    }
  }
}

function timeLimit({ records, bytes }: Shape): number {
  const seconds = Math.max(records / LEAST_RECORDS_PER_SECOND, (records * bytes) / LEAST_BYTES_PER_SECOND)
  return START_AND_END_MS + seconds * 1000
}

function key(peer: Peer, shape: Shape): string {
  return `${shape.name} ${peer.name}`
}
