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
}

/** Throws unless the target has what the source has: the count of each partition, and the contents of records. */
export async function checkCopy({ source, target, sourceTopic, targetTopic, everything }: Copy): Promise<void> {
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
  const comparison = await compareTopics({ source, target, topics: [[sourceTopic, targetTopic]], ...bounds })
  if (!comparison.equal)
    throw new Error(`the copy differs from its source: ${JSON.stringify(comparison, undefined, 2)}`)
}
