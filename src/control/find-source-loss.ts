import { describeOffsets, type OffsetRange } from '../model/offset-range.ts'
import type { FoundLoss } from '../model/loss.ts'
import { partitionName, type TopicPartition } from '../model/topic-partition.ts'

/** What the source cluster shows of a partition. */
export interface LogView {
  readonly logStart: number
  /** As a read_committed reader sees it. */
  readonly end: number
  /** Undefined before Kafka 2.8. */
  readonly topicId?: string | undefined
}

/** Where records stamped since a look were to begin, at this offset or later, and where they do. */
export interface SinceLook {
  readonly expected: number
  readonly found: number | undefined
}

/** What was known of a partition before the cluster was asked. */
export interface CopiedSoFar extends TopicPartition {
  /** The next offset to copy. */
  readonly position: number
  /** Of the topic that was copied from. */
  readonly topicId?: string | undefined
  /** The log when it was last seen to be well. */
  readonly before?: Pick<LogView, 'logStart' | 'end'> | undefined
  /**
   * Where records stamped since the last look begin: in the log as it was then, at this offset or later. Tells a topic
   * that was made again without ids to compare.
   */
  readonly sinceLook?: SinceLook | undefined
  /** Records behind the position may be on their way already, so a log start beyond it loses nothing yet. */
  readonly mayHaveFetched: boolean
}

/**
 * What was lost of a partition, judged by its log: undefined = nothing that shows.
 *
 * The log of one topic only grows at its end and shrinks at its start. So a start or an end that went back belongs to
 * another topic of the same name, or to a log that lost its end, also where topics have no ids.
 */
export function findSourceLoss(copied: CopiedSoFar, now: LogView): FoundLoss | undefined {
  const { position, topicId, before, sinceLook, mayHaveFetched } = copied
  const { logStart, end } = now
  const name = partitionName(copied)
  if (topicId !== undefined && now.topicId !== undefined && topicId !== now.topicId) {
    return remade(copied, `has another topic id now (${now.topicId}, was ${topicId}) and offsets ${logStart} to ${end}`)
  }
  if (before !== undefined && logStart < before.logStart) {
    return remade(copied, `began at offset ${before.logStart} and begins at ${logStart} now`)
  }
  if (sinceLook?.found !== undefined && sinceLook.found < sinceLook.expected) {
    const { expected, found } = sinceLook
    return remade(copied, `has a new record at offset ${found}, where new ones were due at ${expected} or later`)
  }
  if (end < position) {
    return {
      kind: 'truncated',
      ...uncopied(copied),
      message: `LOSS: copying has come to offset ${position} of ${name}, which ends at ${end}: the topic was truncated or made again.`
    }
  }
  if (before !== undefined && end < before.end) {
    const lost = { from: end, to: before.end }
    return {
      kind: 'truncated',
      lost,
      message: `LOSS: ${describeOffsets(lost)} of ${name} are gone: it ended at ${before.end} and ends at ${end} now, so it was truncated or made again.`
    }
  }
  if (position < logStart && !mayHaveFetched) {
    const lost = { from: position, to: logStart }
    return {
      kind: 'overtaken',
      lost,
      message: `LOSS: ${describeOffsets(lost)} of ${name} were deleted at the source before they were copied.`
    }
  }
  return undefined
}

/** The topic is not there any more. */
export function topicDeleted(copied: Pick<CopiedSoFar, 'topic' | 'partition' | 'position' | 'before'>): FoundLoss {
  const { lost } = uncopied(copied)
  const what = lost === undefined ? 'all that was seen of it was copied' : `${describeOffsets(lost)} were not copied`
  return {
    kind: 'deleted',
    ...(lost !== undefined && { lost }),
    message: `LOSS: topic ${copied.topic} was deleted at the source: of ${partitionName(copied)}, ${what}.`
  }
}

/** Offsets without a record where each has one. */
export function holeFound(partition: TopicPartition, hole: OffsetRange): FoundLoss {
  return {
    kind: 'hole',
    lost: hole,
    message: `LOSS: ${describeOffsets(hole)} of ${partitionName(partition)} are not in the log, which is declared to be neither transactional nor compacted.`
  }
}

function remade(copied: CopiedSoFar, how: string): FoundLoss {
  const { lost } = uncopied(copied)
  const rest = lost === undefined ? '' : ` What was left of the earlier topic, ${describeOffsets(lost)}, is gone.`
  return {
    kind: 'remade',
    ...(lost !== undefined && { lost }),
    message: `LOSS: the topic of ${partitionName(copied)} was deleted and made again: it ${how}. Copying has come to offset ${copied.position}.${rest}`
  }
}

/** What was there when last looked at, and is gone with the topic. */
function uncopied({ position, before }: Pick<CopiedSoFar, 'position' | 'before'>): Pick<FoundLoss, 'lost'> {
  return before !== undefined && before.end > position ? { lost: { from: position, to: before.end } } : {}
}
