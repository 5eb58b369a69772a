import { createTopics } from '../control/create-topics.ts'
import { createDeadLetterTopic } from '../control/dead-letter-topic.ts'
import type { Plan } from '../control/plan-types.ts'
import { type SeededGroup, seedGroup } from '../control/seed-group.ts'
import type { JobConfig } from '../config/job-config.ts'
import type { JobEvent } from '../telemetry/events.ts'
import { noteBeginning } from '../verify/beginning.ts'
import type { Clusters } from './connect-clusters.ts'
import { writeBeginning } from './state/beginning-file.ts'
import type { StateDir } from './state/state-dir.ts'

export interface ReadyOptions {
  readonly config: Pick<JobConfig, 'source' | 'stateDir'>
  readonly plan: Plan
  readonly clusters: Pick<Clusters, 'source' | 'target'>
  readonly state: Pick<StateDir, 'markRun'>
  readonly onEvent: (event: JobEvent) => void
}

/**
 * Does what must be done before the first record is copied, in this order: every target topic is there, the group has
 * its start offsets, where the copy began is kept for `verify`, and the state directory remembers the run.
 */
export async function makeReady(options: ReadyOptions): Promise<void> {
  const { config, plan, clusters, state, onEvent } = options
  for (const { action, target, targetPartitions } of await createTopics(clusters.target, plan.topics)) {
    const type = action === 'create' ? 'topic-created' : 'topic-grown'
    onEvent({ type, topic: target, partitions: targetPartitions })
  }
  if (plan.deadLetter !== undefined && (await createDeadLetterTopic(clusters.target, plan.deadLetter))) {
    onEvent({ type: 'topic-created', topic: plan.deadLetter.topic, partitions: 1 })
  }
  await keepBeginning(options, await seedGroup(clusters.source, plan))
  await state.markRun(config.source.groupId)
}

/** A copy that goes on has its beginning behind it. */
async function keepBeginning({ config, plan, clusters }: ReadyOptions, { joined, starts }: SeededGroup): Promise<void> {
  if (joined || plan.progress === 'resume') return
  // New ones begin at 0.
  const targets = plan.topics.flatMap(({ target, targetPartitionsNow }) =>
    Array.from({ length: targetPartitionsNow }, (_, partition) => ({ topic: target, partition }))
  )
  const beginning = await noteBeginning(starts, targets, clusters.target)
  await writeBeginning(config.stateDir, config.source.groupId, beginning)
}
