import type { ClusterAdmin, TopicLookup } from '../../client/types.ts'
import { pauseTest, type Pauses } from '../../model/pauses.ts'
import type { PartitionPolicy } from '../../model/policies.ts'
import { partitionName } from '../../model/topic-partition.ts'
import { tellSeldom } from '../../pipeline/tell-seldom.ts'
import type { JobEvent } from '../../telemetry/events.ts'
import { type LimitSeconds, SIDES } from '../../telemetry/metrics/limit-clock.ts'
import type { PartitionProgress } from '../job-progress.ts'
import { lastLagOf } from '../lag-of.ts'
import { StallClock } from './stall-clock.ts'
import type { StuckPartition } from './stuck-partition.ts'
import { stuckReason, type TargetFacts } from './stuck-reason.ts'

export interface StuckWatchOptions {
  readonly source: Pick<ClusterAdmin, 'describeTopics' | 'listOffsets'>
  readonly target: Pick<ClusterAdmin, 'describeTopics' | 'describeTopicConfigs'>
  readonly policy: PartitionPolicy
  readonly partitions: () => readonly PartitionProgress[]
  readonly pauses: () => Pauses
  readonly workersReady: () => boolean
  /** Of the last seconds. */
  readonly limits: () => LimitSeconds
  readonly onEvent: (event: JobEvent) => void
}

/** Without progress for this long, a partition is stuck. */
const STUCK_AFTER_MS = 15_000
/** Open transactions are looked for this often. */
const TRANSACTIONS_INTERVAL_MS = 10_000
/** A cluster that answers later says nothing. */
const ANSWER_MS = 3000
const TELL_AGAIN_MS = 60_000

/**
 * Finds the partitions that have something to copy and make no progress, and why. Both clusters are asked only about
 * those, and for the end behind open transactions of those that have nothing else to copy.
 *
 * Invariant: one look at a time, each over in seconds, whatever the clusters do; no error comes out of it.
 */
export class StuckWatch {
  readonly #options: StuckWatchOptions
  readonly #clock = new StallClock()
  readonly #tell = tellSeldom(TELL_AGAIN_MS)
  /** End offsets, open transactions included, of partitions that have nothing else to copy. */
  #highWatermarks: ReadonlyMap<string, number | undefined> = new Map()
  #transactionsAt = -Infinity
  #stuck: readonly StuckPartition[] = []
  #looking = false

  constructor(options: StuckWatchOptions) {
    this.#options = options
  }

  get stuck(): readonly StuckPartition[] {
    return this.#stuck
  }

  /** @param now a clock in ms that doesn't jump */
  async look(now: number): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      const copying = this.#options.partitions().filter(({ state }) => state === 'copying')
      await this.#lookForTransactions(copying, now)
      const waiting = new Map(
        copying.map((one) => [partitionName(one), one] as const).filter(([, one]) => this.#waitingOf(one) > 0)
      )
      const stalled = this.#clock.look(new Map([...waiting].map(([name, { to }]) => [name, to])), now)
      const stuck = [...waiting].filter(([name]) => (stalled.get(name) ?? 0) >= STUCK_AFTER_MS)
      this.#stuck = await this.#explain(stuck.map(([name, one]) => ({ ...one, ms: stalled.get(name) ?? 0 })))
      this.#tellAll()
    } finally {
      this.#looking = false
    }
  }

  /** Offsets that wait to be copied. */
  #waitingOf(partition: PartitionProgress): number {
    const behind = (this.#highWatermarks.get(partitionName(partition)) ?? 0) - partition.to
    return Math.max(lastLagOf(partition) ?? 0, behind)
  }

  async #lookForTransactions(copying: readonly PartitionProgress[], now: number): Promise<void> {
    if (now - this.#transactionsAt < TRANSACTIONS_INTERVAL_MS) return
    this.#transactionsAt = now
    const done = copying.filter((partition) => lastLagOf(partition) === 0)
    const asked = done.map(({ topic, partition }) => ({ topic, partition }))
    this.#highWatermarks = (await answerOf(this.#options.source.listOffsets(asked, 'highWatermark'))) ?? new Map()
  }

  async #explain(stuck: readonly (PartitionProgress & { readonly ms: number })[]): Promise<readonly StuckPartition[]> {
    const { source, target, pauses, workersReady, limits, policy } = this.#options
    const isPaused = pauseTest(pauses())
    const unpaused = stuck.filter((partition) => !isPaused(partition))
    const topicsOf = (all: readonly string[]): string[] => [...new Set(all)]
    const targets = topicsOf(unpaused.map((partition) => partition.target))
    const [sources, lookups, configs] =
      unpaused.length === 0
        ? []
        : await Promise.all([
            answerOf(source.describeTopics(topicsOf(unpaused.map(({ topic }) => topic)))),
            answerOf(target.describeTopics(targets)),
            answerOf(target.describeTopicConfigs(targets))
          ])
    const limitedBy = mostOf(limits())
    const ready = workersReady()
    return stuck.map((partition) => {
      const at = policy === 'same' ? partition.partition : policy === 'zero' ? 0 : undefined
      const minInSync = Number(configs?.get(partition.target)?.get('min.insync.replicas')?.value ?? Number.NaN)
      const lag = this.#waitingOf(partition)
      const facts = {
        isPaused: isPaused(partition),
        workersReady: ready,
        inFlight: Math.max(0, partition.position - partition.to),
        behindTransaction: lastLagOf(partition) === 0 ? lag : 0,
        limitedBy,
        source: leadersOf(sources?.get(partition.topic), partition.partition),
        target: targetFacts(partition.target, at, lookups?.get(partition.target), minInSync)
      }
      return {
        topic: partition.topic,
        partition: partition.partition,
        lag,
        seconds: partition.ms / 1000,
        reason: stuckReason(facts)
      }
    })
  }

  /** Each reason once a minute, with all that it holds. */
  #tellAll(): void {
    for (const code of new Set(this.#stuck.map(({ reason }) => reason.code))) {
      if (!this.#tell(code)) continue
      const held = this.#stuck.filter(({ reason }) => reason.code === code)
      const [first] = held
      if (first === undefined) continue
      const partitions = held.map(({ topic, partition }) => ({ topic, partition }))
      this.#options.onEvent({ type: 'stuck', reason: first.reason, partitions })
    }
  }
}

function leadersOf(lookup: TopicLookup | undefined, partition: number): { readonly leader: boolean } | undefined {
  const known = lookup?.found === true ? lookup.description.partitions[partition] : undefined
  return known === undefined ? undefined : { leader: known.leader >= 0 }
}

/** Of one partition, or, where records go to any, of the one that is worst off. */
function targetFacts(
  topic: string,
  partition: number | undefined,
  lookup: TopicLookup | undefined,
  minInSync: number
): TargetFacts | undefined {
  const all = lookup?.found === true ? lookup.description.partitions : []
  const some = partition === undefined ? all : all.slice(partition, partition + 1)
  if (some.length === 0) return undefined
  return {
    topic,
    partition,
    leader: some.every(({ leader }) => leader >= 0),
    inSync: Math.min(...some.map(({ inSyncReplicas }) => inSyncReplicas)),
    minInSync: Number.isFinite(minInSync) ? minInSync : undefined
  }
}

function mostOf(limits: LimitSeconds): keyof LimitSeconds {
  return SIDES.reduce((most, side) => (limits[side] > limits[most] ? side : most))
}

/** Undefined when there is no answer in time: what can't be said is left out. */
async function answerOf<T>(request: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ANSWER_MS)
  })
  try {
    return await Promise.race([request.catch(() => undefined), late])
  } finally {
    clearTimeout(timer)
  }
}
