import type { StartRule, StopRule } from './plan-job.ts'
import type { FindingList } from './finding-list.ts'
import type { PartitionPlan } from './plan-types.ts'

/** What the source cluster says of one partition. */
export interface PartitionOffsets {
  readonly topic: string
  readonly partition: number
  readonly logStart: number
  /** As a read_committed reader sees it. */
  readonly end: number
  readonly committed: number | undefined
  /** First offset at or after the start time; undefined = there is none, or it was not asked for. */
  readonly atStartTime: number | undefined
  readonly atStopTime: number | undefined
}

export interface PartitionRules {
  readonly start: StartRule
  readonly stop: StopRule
  /** `resume`: commits count, and a partition that has none is new. Else the start rule counts. */
  readonly progress: 'fresh' | 'resume' | 'reset'
  /** What to do where committed records are gone. */
  readonly onLoss: 'stop' | 'continue'
  /** Milliseconds since 1970. */
  readonly now: number
}

type Start = Pick<PartitionPlan, 'start' | 'startReason'>

/** Where a partition is read from and up to where. */
export function planPartition(offsets: PartitionOffsets, rules: PartitionRules, findings: FindingList): PartitionPlan {
  const { partition, logStart, end, committed } = offsets
  const { start, startReason } = resolveStart(offsets, rules, findings)
  const stop = resolveStop(offsets, rules, start)
  return {
    partition,
    logStart,
    end,
    committed,
    start,
    startReason,
    stop,
    records: Math.max(0, (stop ?? end) - start)
  }
}

function resolveStart(offsets: PartitionOffsets, rules: PartitionRules, findings: FindingList): Start {
  if (rules.progress !== 'resume') return startByRule(offsets, rules.start, findings)
  if (offsets.committed === undefined) return { start: offsets.logStart, startReason: 'new partition' }
  const { committed, logStart, end } = offsets
  if (committed < logStart || committed > end) return startAfterLoss(offsets, committed, rules.onLoss, findings)
  return { start: committed, startReason: 'committed' }
}

function startByRule(offsets: PartitionOffsets, rule: StartRule, findings: FindingList): Start {
  const { logStart, end } = offsets
  switch (rule.from) {
    case 'earliest':
    // Refused for the whole group (MR_NO_COMMITS); a plan still has to say something.
    case 'committed':
      return { start: logStart, startReason: 'earliest' }
    case 'latest':
      return { start: end, startReason: 'latest' }
    case 'timestamp':
      return { start: within(offsets.atStartTime ?? end, logStart, end), startReason: 'timestamp' }
    case 'offsets':
      return startByOffset(offsets, rule.offsets, findings)
  }
}

function startByOffset(
  { topic, partition, logStart, end }: PartitionOffsets,
  wanted: Extract<StartRule, { from: 'offsets' }>['offsets'],
  findings: FindingList
): Start {
  const offset = Object.hasOwn(wanted, topic) ? wanted[topic]?.[partition] : undefined
  if (offset === undefined) return { start: logStart, startReason: 'earliest' }
  if (offset < logStart || offset > end) {
    findings.refuse({
      code: 'MR_START_OFFSET_RANGE',
      topic,
      partition,
      message: `Start offset ${offset} of ${topic}-${partition} is not in the log, which has ${logStart} to ${end}.`,
      next: `Set start.offsets for ${topic}, partition ${partition}, to an offset from ${logStart} to ${end}.`
    })
  }
  return { start: within(offset, logStart, end), startReason: 'offsets' }
}

/** Begins at the log start in either case: what lies above a truncation was written anew and never copied. */
function startAfterLoss(
  { topic, partition, logStart, end }: PartitionOffsets,
  committed: number,
  onLoss: 'stop' | 'continue',
  findings: FindingList
): Start {
  const message =
    committed < logStart
      ? `LOSS: offsets ${committed} to ${logStart - 1} of ${topic}-${partition} were deleted at the source before they were copied.`
      : `LOSS: the group is at offset ${committed} of ${topic}-${partition}, which ends at ${end}: the topic was truncated or made again, or a transaction is open.`
  const findingOf = (next: string) => ({ code: 'MR_LOSS', topic, partition, message, next })
  if (onLoss === 'stop') {
    findings.refuse(
      findingOf(
        `To go on from offset ${logStart}, set topics.settings.${topic}.onLoss to continue; to copy anew, use --reset.`
      )
    )
  } else {
    findings.warn(findingOf(`Copying goes on from offset ${logStart}, because onLoss is continue.`))
  }
  return { start: logStart, startReason: 'earliest' }
}

function resolveStop(offsets: PartitionOffsets, { stop, now }: PartitionRules, start: number): number | undefined {
  if (stop.at === 'end') return Math.max(start, offsets.end)
  // Which records lie before a time is known only once it has passed.
  if (stop.at === 'time' && stop.time <= now)
    return Math.max(start, Math.min(offsets.atStopTime ?? offsets.end, offsets.end))
  return undefined
}

function within(offset: number, low: number, high: number): number {
  return Math.min(Math.max(offset, low), high)
}
