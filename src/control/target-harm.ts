import type { AcceptedHarm } from './plan-job.ts'
import type { Finding } from './plan-types.ts'
import type { TopicLimits } from './topic-configs.ts'

/** What a target topic would do to the records of its source, in words, by kind. */
export type TargetHarm = Readonly<Record<AcceptedHarm, readonly string[]>>

/** Which records of a source topic lie further back than a target's limits, as far as the source's index tells. */
export interface RecordAges {
  /** Partitions of which everything that will be copied is older than the target's retention. */
  readonly allExpired: readonly number[]
  /** Partitions with records older than the target's retention. */
  readonly someExpired: readonly number[]
  /** Partitions with records that lie further back than the target's limit for timestamps allows. */
  readonly tooFarBack: readonly number[]
}

export function targetHarm(source: TopicLimits, target: TopicLimits, ages: RecordAges): TargetHarm {
  return {
    delete: [...deleted(source, target), ...expired(target, ages)],
    restamp: target.restamps ? ['message.timestamp.type is LogAppendTime'] : [],
    reject: [...rejected(source, target), ...outsideTime(source, target, ages)]
  }
}

function* deleted(source: TopicLimits, target: TopicLimits): Generator<string> {
  if (target.retentionMs < source.retentionMs) {
    yield `retention.ms is ${target.retentionMs}, the source keeps ${forEver(source.retentionMs, ' ms')}`
  }
  if (target.retentionBytes < source.retentionBytes) {
    yield `retention.bytes is ${target.retentionBytes}, the source keeps ${forEver(source.retentionBytes, ' bytes')}`
  }
  if (target.compacts && !source.compacts) yield 'cleanup.policy compacts, the source does not'
}

function* expired(target: TopicLimits, ages: RecordAges): Generator<string> {
  if (target.retentionMs === Number.POSITIVE_INFINITY || ages.allExpired.length === 0) return
  yield `every record of partition ${ages.allExpired.join(', ')} is older than its retention.ms of ${target.retentionMs}`
}

function* rejected(source: TopicLimits, target: TopicLimits): Generator<string> {
  if (target.maxMessageBytes < source.maxMessageBytes) {
    const limit = Number.isFinite(source.maxMessageBytes) ? `, the source's ${source.maxMessageBytes}` : ''
    yield `max.message.bytes is ${target.maxMessageBytes}${limit}`
  }
  if (target.compacts && !source.compacts) yield 'cleanup.policy compacts, so records without a key are refused'
  if (target.oldFormat && !source.oldFormat) yield 'message.format.version is older than 0.11, which has no headers'
}

function* outsideTime(source: TopicLimits, target: TopicLimits, ages: RecordAges): Generator<string> {
  // A topic that restamps takes any time; a source that restamps has none of the future.
  if (target.restamps) return
  if (target.afterMs < source.afterMs && !source.restamps) {
    yield `records more than ${target.afterMs} ms in the future are refused, the source takes ${any(source.afterMs)}`
  }
  if (target.beforeMs < source.beforeMs && !source.restamps) {
    yield `records more than ${target.beforeMs} ms in the past are refused, the source takes ${any(source.beforeMs)}`
  } else if (ages.tooFarBack.length > 0) {
    yield `records more than ${target.beforeMs} ms in the past are refused, partition ${ages.tooFarBack.join(', ')} has such`
  }
}

const WHAT: Readonly<Record<AcceptedHarm, { code: string; verb: string; change: string }>> = {
  delete: {
    code: 'MR_TARGET_DELETES',
    verb: 'delete',
    change: 'change cleanup.policy, retention.ms or retention.bytes'
  },
  restamp: { code: 'MR_TARGET_RESTAMPS', verb: 'restamp', change: 'set message.timestamp.type to CreateTime' },
  reject: { code: 'MR_TARGET_REJECTS', verb: 'reject', change: 'change the settings named' }
}

/** One finding for each kind of harm. */
export function harmFindings(
  topic: string,
  target: string,
  harm: TargetHarm
): { kind: AcceptedHarm; finding: Finding }[] {
  const kinds = ['delete', 'restamp', 'reject'] as const
  return kinds
    .filter((kind) => harm[kind].length > 0)
    .map((kind) => {
      const { code, verb, change } = WHAT[kind]
      const finding: Finding = {
        code,
        topic,
        message: `Target topic ${target} would ${verb} records that are copied from ${topic}: ${harm[kind].join('; ')}.`,
        next: `On ${target}, ${change}; or list ${kind} in target.accept.`
      }
      return { kind, finding }
    })
}

function forEver(value: number, unit: string): string {
  return Number.isFinite(value) ? `${value}${unit}` : 'without that limit'
}

function any(value: number): string {
  return Number.isFinite(value) ? `up to ${value} ms` : 'any'
}
