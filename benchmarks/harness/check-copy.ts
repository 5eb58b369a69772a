import { compareTopics, endOffsets, type Cluster, type CompareRequest } from '../../test/helpers/checker.ts'

/** Records at the end of each partition whose contents are compared. */
const COMPARED = 200

export interface Copy {
  readonly source: Cluster
  readonly target: Cluster
  readonly sourceTopic: string
  readonly targetTopic: string
  /** Compare every record instead of the last ones. */
  readonly everything: boolean
  readonly timestamps: boolean
}

/** Throws unless the target has what the source has: the count of each partition, and the contents of records. */
export async function checkCopy(copy: Copy): Promise<void> {
  const { source, target, sourceTopic, targetTopic, everything, timestamps } = copy
  const wanted = await endOffsets(source, sourceTopic)
  const found = await endOffsets(target, targetTopic)
  const wrong = Object.entries(wanted).filter(([partition, end]) => found[partition] !== end)
  if (wrong.length > 0) {
    const list = wrong.map(([partition, end]) => `${partition}: ${found[partition]} instead of ${end}`)
    throw new Error(`the copy has other counts than its source; partition ${list.join(', ')}`)
  }
  const from = Object.fromEntries(
    Object.entries(wanted).map(([partition, end]) => [partition, Math.max(0, end - COMPARED)])
  )
  const bounds: Pick<CompareRequest, 'from' | 'targetFrom'> = everything
    ? {}
    : { from: { [sourceTopic]: from }, targetFrom: { [targetTopic]: from } }
  const topics = [[sourceTopic, targetTopic]] as const
  const comparison = await compareTopics({ source, target, topics, timestamps, ...bounds })
  if (!comparison.equal)
    throw new Error(`the copy differs from its source: ${JSON.stringify(comparison, undefined, 2)}`)
}

/** Whether the target has as many records in each partition as the source. */
export async function isComplete(
  copy: Pick<Copy, 'source' | 'target' | 'sourceTopic' | 'targetTopic'>
): Promise<boolean> {
  const wanted = await endOffsets(copy.source, copy.sourceTopic)
  const found = await endOffsets(copy.target, copy.targetTopic)
  return Object.entries(wanted).every(([partition, end]) => (found[partition] ?? 0) >= end)
}
