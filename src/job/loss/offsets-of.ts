import type { ClusterAdmin, OffsetQuestion } from '../../client/types.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'

/** Topic by topic where they can't be asked for at once, so that one without an answer keeps no other from being seen. */
export async function offsetsOf(
  admin: ClusterAdmin,
  partitions: readonly TopicPartition[],
  question: OffsetQuestion
): Promise<ReadonlyMap<string, number | undefined>> {
  const asked = partitions.map(({ topic, partition }) => ({ topic, partition }))
  try {
    return await admin.listOffsets(asked, question)
  } catch (error) {
    if (!(error instanceof MillraceError) || error.kind === 'authentication') throw error
    const answers = new Map<string, number | undefined>()
    for (const topic of new Set(asked.map((at) => at.topic))) {
      const ofTopic = asked.filter((at) => at.topic === topic)
      const some = await admin.listOffsets(ofTopic, question).catch(() => new Map<string, undefined>())
      for (const [name, offset] of some) answers.set(name, offset)
    }
    return answers
  }
}
