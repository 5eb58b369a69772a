import type { TopicPlan } from '../control/plan-types.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { JobProgress } from './job-progress.ts'

/** `copying`: something is left to do. `completed`: everything is. `stuck`: what is left has stopped by itself. */
export type Completion = 'copying' | 'completed' | 'stuck'

/** How far a bounded job is; an unbounded one is at best stuck. Planned partitions that nobody has had yet count as left. */
export function completionOf(topics: readonly TopicPlan[], bounded: boolean, progress: JobProgress): Completion {
  let stopped = 0
  let partitions = 0
  for (const topic of topics) {
    for (const { partition } of topic.partitions) {
      partitions += 1
      const state = progress.stateOf({ topic: topic.source, partition })
      if (state === 'stopped' || state === 'deleted') {
        if (!progress.isAccepted({ topic: topic.source, partition })) stopped += 1
      } else if (!(bounded && state === 'completed')) return 'copying'
    }
  }
  if (partitions === 0) return bounded ? 'completed' : 'copying'
  return stopped > 0 ? 'stuck' : 'completed'
}

export function plannedPartitions(topics: readonly TopicPlan[]): TopicPartition[] {
  return topics.flatMap((topic) => topic.partitions.map(({ partition }) => ({ topic: topic.source, partition })))
}
