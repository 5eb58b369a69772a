import type { ClusterAdmin } from '../client/types.ts'
import type { JobConfig } from '../config/job-config.ts'
import { createTopics } from '../control/create-topics.ts'
import { discoverTopics } from '../control/discover-topics.ts'
import type { Finding, Plan, TopicPlan } from '../control/plan-types.ts'
import type { TopicRoute } from '../mapping/routes.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { JobEvent } from '../telemetry/events.ts'
import { findingError } from './finding-error.ts'

export interface TopicFollowerOptions {
  readonly job: JobConfig
  readonly plan: Plan
  readonly source: ClusterAdmin
  readonly target: ClusterAdmin
  readonly onEvent: (event: JobEvent) => void
}

/**
 * Which topics a running job copies, and where to: the planned ones, and what came since.
 *
 * Invariant: a topic or partition is in `topics` only after the target has room for it. One look at a time.
 */
export class TopicFollower {
  readonly #options: TopicFollowerOptions
  readonly #bySource = new Map<string, TopicPlan>()
  readonly #told = new Set<string>()
  #include: readonly string[]
  #looking: Promise<readonly TopicPlan[]> | undefined

  constructor(options: TopicFollowerOptions) {
    this.#options = options
    this.#include = options.job.topics.include
    for (const topic of options.plan.topics) this.#bySource.set(topic.source, topic)
  }

  get topics(): readonly TopicPlan[] {
    return [...this.#bySource.values()]
  }

  routeOf(topic: string): TopicRoute {
    const plan = this.#bySource.get(topic)
    if (plan === undefined) {
      throw new MillraceError({
        code: 'MR_TOPIC_UNKNOWN',
        kind: 'retry',
        message: `The group assigned ${topic}, which this job does not copy yet.`,
        next: 'Nothing, if it matches a pattern: it is looked up again. Else see who else is in the group.',
        place: { cluster: 'source', topic }
      })
    }
    return { source: topic, target: plan.target, targetPartitions: plan.targetPartitions }
  }

  /** Names and patterns that the job copies from the next look on, in addition to the ones that it has. */
  include(more: readonly string[]): void {
    this.#include = [...new Set([...this.#include, ...more])]
  }

  /** Makes room on the target for partitions that came since the last look. */
  async ensure(partitions: readonly TopicPartition[]): Promise<void> {
    const unknown = partitions.some(
      ({ topic, partition }) => partition >= (this.#bySource.get(topic)?.sourcePartitions ?? 0)
    )
    if (unknown) await this.look()
  }

  /** Looks for new topics and partitions; returns those whose target is ready now. */
  async look(): Promise<readonly TopicPlan[]> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined))
    return await this.#looking
  }

  async #look(): Promise<readonly TopicPlan[]> {
    const { source, target, onEvent } = this.#options
    const { topics } = this.#options.job
    const job = { ...this.#options.job, topics: { ...topics, include: this.#include } }
    const known = new Map(this.topics.map((topic) => [topic.source, topic.sourcePartitions]))
    const found = await discoverTopics({ job, source, target, known, now: Date.now() })
    this.#tell([...found.warnings, ...found.refusals])
    for (const topic of found.gone) {
      this.#tell([
        {
          code: 'MR_TOPIC_GONE',
          topic,
          message: `The source no longer has topic ${topic}.`,
          next: 'If that was meant, take it out of topics.include. What was copied stays at the target.'
        }
      ])
    }
    const refused = new Set(found.refusals.map((refusal) => refusal.topic))
    const ready = refused.has(undefined) ? [] : found.topics.filter((topic) => !refused.has(topic.source))
    const made = await createTopics(target, ready)
    for (const topic of ready) {
      const before = this.#bySource.get(topic.source)
      if (before === undefined) onEvent({ type: 'topic-found', topic: topic.source, target: topic.target })
      const partitions = [...(before?.partitions ?? []), ...topic.partitions]
      this.#bySource.set(topic.source, { ...topic, partitions })
    }
    for (const { action, target: topic, targetPartitions: partitions } of made) {
      onEvent({ type: action === 'create' ? 'topic-created' : 'topic-grown', topic, partitions })
    }
    return ready
  }

  /** Each finding once: a look comes every half minute. */
  #tell(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const text = `${finding.code} ${finding.message}`
      if (this.#told.has(text)) continue
      this.#told.add(text)
      this.#options.onEvent({ type: 'warning', error: findingError(finding) })
    }
  }
}
