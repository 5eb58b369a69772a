import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as letOthersGo } from 'node:timers/promises'
import { NUMBERS_OF_RUN, type DeliveredRuns } from '../../model/offset-pairs.ts'
import { partitionName, type TopicPartition } from '../../model/topic-partition.ts'
import { decodeBlock, encodePairs, findBlocks, type PairedTopics, sourceOf } from './pair-block.ts'
import { deleteLatePairs, readLatePairs } from './late-pairs.ts'
import * as files from './pair-files.ts'
import { PartitionPairs, sourceEnd } from './partition-pairs.ts'

export interface PairLimits {
  /** Of one segment, give or take a block. */
  readonly segmentBytes: number
  readonly segments: number
  /** Closed runs that the tail has at most; then they go to a segment. */
  readonly tailRuns: number
  /** That wait for a disk that takes none. */
  readonly waitingRuns: number
}

/** 64 MiB on the disk. */
const LIMITS: PairLimits = {
  segmentBytes: 4 * 1024 * 1024,
  segments: 16,
  tailRuns: 4096,
  waitingRuns: 100_000
}

export interface PairStoreOptions {
  readonly stateDir: string
  /** The first of a row of failures. Copying goes on without. */
  readonly onTrouble: (error: unknown) => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly limits?: Partial<PairLimits>
}

/** Where the records of a source partition go from now on. */
export interface PairBeginning extends TopicPartition {
  readonly target: string
  readonly sourceId: string | undefined
  readonly targetId: string | undefined
  /** Topics may be others than before although no id tells it. */
  readonly isAnew: boolean
}

/**
 * Offset pairs of a job, in its state directory, for as long as there is room: the oldest go first.
 *
 * The tail has the open run of each partition and the newest closed ones, and is replaced at each write; closed runs
 * go to a segment when there are enough for a block. So a copy that nothing disturbs is one run a partition in the tail.
 *
 * Invariant: one write at a time. A segment's block is on the disk before the tail without these runs is; what a crash
 * leaves in both says the same. A segment is deleted only after the tail names what was in it as forgotten.
 */
export class PairStore {
  readonly #options: PairStoreOptions
  readonly #limits: PairLimits
  readonly #folder: string
  /** Of each source partition, the newest generation. */
  readonly #current = new Map<string, PartitionPairs>()
  /** Of earlier generations, with runs that are in no segment yet; by name and generation. */
  readonly #earlier = new Map<string, PartitionPairs>()
  /** Files of workers, to be deleted when the tail has what is in them. */
  #late: readonly string[] = []
  #segments: number[] = []
  #segmentBytes = 0
  #writing: Promise<void> = Promise.resolve()
  #waiting: Promise<void> | undefined
  #isOpen = false
  #isTroubled = false
  #hasNews = false

  constructor(options: PairStoreOptions) {
    this.#options = options
    this.#limits = { ...LIMITS, ...options.limits }
    this.#folder = join(options.stateDir, files.PAIRS_FOLDER)
  }

  /** Goes on with what there is. Never rejects: a folder that can't be used is trouble. */
  async open(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      this.#segments = await files.listSegments(this.#folder)
      for (const block of findBlocks(await files.readTail(this.#folder))) {
        for (const of of decodeBlock(block)?.partitions ?? []) this.#load(new PartitionPairs(of))
      }
      await this.#takeOver()
      const newest = this.#segments.at(-1)
      if (newest !== undefined) this.#segmentBytes = await files.sizeOfSegment(this.#folder, newest)
      this.#isOpen = true
    } catch (error) {
      this.#tell(error)
    }
  }

  /**
   * A partition is about to be copied. Returns the generation that its pairs belong to: another one than before where
   * a topic has been made again, so that pairs of the old one are not taken for those of the new one.
   */
  begin({ topic, partition, target, sourceId = '', targetId = '', isAnew }: PairBeginning): number {
    const name = partitionName({ topic, partition })
    const known = this.#current.get(name)
    const topics: PairedTopics = { source: topic, target, sourceId, targetId }
    if (known !== undefined && !isAnew && areSame(known.topics, topics)) return known.generation
    const generation = Math.max((this.#options.now ?? Date.now)(), (known?.generation ?? 0) + 1)
    if (known !== undefined) this.#earlier.set(`${name} ${known.generation}`, known)
    this.#current.set(name, new PartitionPairs({ topics, partition, generation, forgotten: 0, runs: [] }))
    this.#hasNews = true
    return generation
  }

  /** Resolves when the disk has these pairs, or can't take them. */
  async keep(delivered: readonly DeliveredRuns[]): Promise<void> {
    if (!this.#isOpen) return
    this.#add(delivered)
    await this.#write()
  }

  /** What is not written yet is written. */
  async close(): Promise<void> {
    await this.#write()
    this.#isOpen = false
  }

  #add(delivered: readonly DeliveredRuns[]): void {
    for (const { generation, runs, ...source } of delivered) {
      const pairs = this.#of(partitionName(source), generation)
      // A worker that is broken may say anything; what is no run would be read back as another one.
      if (pairs === undefined || !areRuns(runs)) continue
      pairs.add(runs)
      this.#hasNews = true
    }
  }

  async #takeOver(): Promise<void> {
    const { files: late, delivered } = await readLatePairs(this.#folder)
    this.#add(delivered)
    this.#late = late
    if (late.length > 0) this.#hasNews = true
  }

  #of(name: string, generation: number): PartitionPairs | undefined {
    const current = this.#current.get(name)
    return current?.generation === generation ? current : this.#earlier.get(`${name} ${generation}`)
  }

  #load(pairs: PartitionPairs): void {
    const name = partitionName(sourceOf(pairs))
    const known = this.#current.get(name)
    const isNewer = known === undefined || known.generation < pairs.generation
    const earlier = isNewer ? known : pairs
    if (isNewer) this.#current.set(name, pairs)
    if (earlier !== undefined) this.#earlier.set(`${name} ${earlier.generation}`, earlier)
  }

  /** Whoever waits for a write that has not begun shares it. */
  #write(): Promise<void> {
    this.#waiting ??= this.#writing.then(async () => {
      this.#waiting = undefined
      if (!this.#isOpen || !this.#hasNews) return
      try {
        this.#hasNews = false
        await this.#writeNow()
        this.#isTroubled = false
      } catch (error) {
        this.#hasNews = true
        this.#tell(error)
        this.#giveUpWaiting()
      }
    })
    this.#writing = this.#waiting
    return this.#waiting
  }

  async #writeNow(): Promise<void> {
    if (this.#closedRuns() >= this.#limits.tailRuns) await this.#moveToSegment()
    const excess = this.#segments.slice(0, Math.max(0, this.#segments.length - this.#limits.segments))
    for (const number of excess) await this.#forget(number)
    await files.writeTail(this.#folder, encodePairs(this.#all().map((pairs) => pairs.all())))
    await deleteLatePairs(this.#folder, this.#late)
    this.#late = []
    for (const number of excess) {
      await files.deleteSegment(this.#folder, number)
      this.#segments.shift()
    }
  }

  async #moveToSegment(): Promise<void> {
    const moved = [
      ...[...this.#earlier.values()].map((pairs) => ({ pairs, closed: pairs.all() })),
      ...[...this.#current.values()].map((pairs) => ({ pairs, closed: pairs.closed() }))
    ]
    const bytes = encodePairs(moved.map(({ closed }) => closed).filter(({ runs }) => runs.length > 0))
    if (this.#segments.length === 0 || this.#segmentBytes >= this.#limits.segmentBytes) {
      this.#segments.push((this.#segments.at(-1) ?? 0) + 1)
    }
    this.#segmentBytes = await files.appendToSegment(this.#folder, this.#segments.at(-1) ?? 1, bytes)
    // More may have come meanwhile, behind these.
    for (const { pairs, closed } of moved) pairs.drop(closed.runs.length / NUMBERS_OF_RUN)
    for (const [key, pairs] of this.#earlier) if (pairs.isEmpty) this.#earlier.delete(key)
  }

  /** The tail is to say what goes with this segment. */
  async #forget(number: number): Promise<void> {
    for (const block of findBlocks((await files.readSegment(this.#folder, number)) ?? Buffer.alloc(0))) {
      for (const of of decodeBlock(block)?.partitions ?? []) {
        const pairs = this.#of(partitionName(sourceOf(of)), of.generation)
        if (pairs !== undefined) pairs.forgotten = Math.max(pairs.forgotten, sourceEnd(of.runs))
      }
      await letOthersGo()
    }
  }

  /** A disk that takes nothing must not fill the memory. */
  #giveUpWaiting(): void {
    if (this.#closedRuns() < this.#limits.waitingRuns) return
    for (const pairs of this.#all()) {
      const closed = pairs.closed()
      pairs.forgotten = Math.max(pairs.forgotten, sourceEnd(closed.runs))
      pairs.drop(closed.runs.length / NUMBERS_OF_RUN)
    }
  }

  #all(): PartitionPairs[] {
    return [...this.#earlier.values(), ...this.#current.values()]
  }

  #closedRuns(): number {
    let runs = 0
    for (const pairs of this.#all()) runs += pairs.closedRuns
    return runs
  }

  #tell(error: unknown): void {
    if (this.#isTroubled) return
    this.#isTroubled = true
    this.#options.onTrouble(error)
  }
}

function areRuns(numbers: readonly number[]): boolean {
  return (
    numbers.length % NUMBERS_OF_RUN === 0 &&
    numbers.every((number, at) => {
      const isCount = at % NUMBERS_OF_RUN === NUMBERS_OF_RUN - 1
      return Number.isInteger(number) && number >= (isCount ? 1 : 0) && number <= MOST_OFFSET
    })
  )
}

/** Sums and folded differences of such offsets are exact. */
const MOST_OFFSET = 2 ** 51

function areSame(a: PairedTopics, b: PairedTopics): boolean {
  return a.target === b.target && a.sourceId === b.sourceId && a.targetId === b.targetId
}
