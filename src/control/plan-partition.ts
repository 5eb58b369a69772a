import type { StartRule, StopRule } from './plan-job.ts'
import type { FindingList } from './finding-list.ts'
import type { PartitionPlan } from './plan-types.ts'
import type { CommitMetadata } from '../model/commit-metadata.ts'
import type { FoundLoss, LossPolicy } from '../model/loss.ts'
import type { OffsetRange } from '../model/offset-range.ts'
import { findSourceLoss } from './find-source-loss.ts'
import { judgeLoss } from './judge-loss.ts'

/** What the source cluster says of one partition. */
export interface PartitionOffsets {
  readonly topic: string
  readonly partition: number
  readonly logStart: number
  /** As a read_committed reader sees it. */
  readonly end: number
  readonly committed: number | undefined
  /** What the commit says of both topics. */
  readonly metadata?: CommitMetadata
  /** Undefined before Kafka 2.8. */
  readonly topicId?: string
  /** First offset at or after the start time; undefined = there is none, or it was not asked for. */
  readonly atStartTime: number | undefined
  readonly atStopTime: number | undefined
}

/** A loss that a running job has seen, and what it had written since all was well. */
export interface NoticedLoss {
  readonly found: FoundLoss
  readonly writtenSince: OffsetRange | undefined
}

export interface PartitionRules {
  readonly start: StartRule
  readonly stop: StopRule
  /** `resume`: commits count, and a partition that has none is new. Else the start rule counts. */
  readonly progress: 'fresh' | 'resume' | 'reset'
  /** What to do where committed records are gone. */
  readonly onLoss: LossPolicy
  /** A loss that was noticed while the partition was copied; else one is looked for. */
  readonly noticed?: NoticedLoss | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

type Start = Pick<PartitionPlan, 'start' | 'startReason' | 'loss'>

/** Where a partition is read from and up to where. */
export function planPartition(offsets: PartitionOffsets, rules: PartitionRules, findings: FindingList): PartitionPlan {
  const { partition, logStart, end, committed } = offsets
  const { start, startReason, loss } = resolveStart(offsets, rules, findings)
  const stop = resolveStop(offsets, rules, start)
  return {
    partition,
    logStart,
    end,
    committed,
    start,
    startReason,
    stop,
    records: loss?.outcome === 'stopped' ? 0 : Math.max(0, (stop ?? end) - start),
    ...(loss !== undefined && { loss })
  }
}

function resolveStart(offsets: PartitionOffsets, rules: PartitionRules, findings: FindingList): Start {
  if (rules.progress !== 'resume') return startByRule(offsets, rules.start, findings)
  if (offsets.committed === undefined) return { start: offsets.logStart, startReason: 'new partition' }
  const { topic, partition, committed, metadata } = offsets
  const copied = { topic, partition, position: committed, topicId: metadata?.topicId, mayHaveFetched: false }
  const found = rules.noticed?.found ?? findSourceLoss(copied, offsets)
  if (found !== undefined) return startAfterLoss(offsets, committed, found, rules)
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

/** Goes on at the log start if it does: what lies above a truncation was written anew and never copied. */
function startAfterLoss(
  offsets: PartitionOffsets,
  committed: number,
  found: FoundLoss,
  { onLoss: policy, noticed }: PartitionRules
): Start {
  const { logStart } = offsets
  const more = { policy, writtenSince: noticed?.writtenSince, resume: logStart, position: committed }
  const loss = judgeLoss(offsets, found, more)
  // A commit that stays as it is shows the loss to the next start, too.
  return policy === 'stop'
    ? { start: committed, startReason: 'committed', loss }
    : { start: logStart, startReason: 'earliest', loss }
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
