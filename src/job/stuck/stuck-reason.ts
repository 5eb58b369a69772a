import type { StuckReason } from './stuck-partition.ts'

/** What is known of a partition that makes no progress. */
export interface StuckFacts {
  readonly isPaused: boolean
  /** All workers have joined the group and tell what they do. */
  readonly workersReady: boolean
  /** Offsets that were sent and are not acknowledged. */
  readonly inFlight: number
  /** Offsets behind an open transaction, when there is nothing else to copy. */
  readonly behindTransaction: number
  /** What its workers waited for in the last seconds, most of the time. */
  readonly limitedBy: 'source' | 'target' | 'mirror' | 'rate' | 'idle'
  /** Undefined = the cluster does not say. */
  readonly source: { readonly leader: boolean } | undefined
  readonly target: TargetFacts | undefined
}

export interface TargetFacts {
  readonly topic: string
  /** Undefined = any of the topic. */
  readonly partition: number | undefined
  readonly leader: boolean
  readonly inSync: number
  /** min.insync.replicas; undefined = the cluster does not say. */
  readonly minInSync: number | undefined
}

/** Every reason there is. */
export const STUCK_CODES = [
  'MR_STUCK_PAUSED',
  'MR_STUCK_WORKER',
  'MR_STUCK_TARGET_LEADER',
  'MR_STUCK_TARGET_ISR',
  'MR_STUCK_TARGET',
  'MR_STUCK_RATE',
  'MR_STUCK_SOURCE_LEADER',
  'MR_STUCK_TRANSACTION',
  'MR_STUCK_SOURCE'
] as const

type StuckCode = (typeof STUCK_CODES)[number]

/** What holds a partition back, of all that might. */
export function stuckReason(facts: StuckFacts): StuckReason {
  const { target, source, inFlight, limitedBy, behindTransaction } = facts
  if (facts.isPaused) {
    return reason('MR_STUCK_PAUSED', 'It is paused by the user.', '`millrace control NAME resume` lets it go on.')
  }
  if (!facts.workersReady) {
    return reason('MR_STUCK_WORKER', 'A worker is being started.', 'Look at the messages above if that goes on.')
  }
  // Without a target nothing can be delivered, whatever else there is; where nothing waits for it, it is not to blame.
  if (target !== undefined && !target.leader) {
    return reason(
      'MR_STUCK_TARGET_LEADER',
      `${targetName(target)} has no leader.`,
      'Bring its brokers back; the copy goes on by itself.'
    )
  }
  const waitsForTarget = inFlight > 0 || limitedBy === 'target'
  if (waitsForTarget && target?.minInSync !== undefined && target.inSync < target.minInSync) {
    return reason(
      'MR_STUCK_TARGET_ISR',
      `${targetName(target)} has ${target.inSync} in-sync replicas, fewer than min.insync.replicas (${target.minInSync}).`,
      'Bring its brokers back; the copy goes on by itself.'
    )
  }
  if (waitsForTarget) {
    const what = inFlight > 0 ? `${inFlight} offsets were sent and are not acknowledged` : 'it waits for its turn'
    const silent = target === undefined ? ', and the target does not say why' : ''
    return reason(
      'MR_STUCK_TARGET',
      `The target does not acknowledge: ${what}${silent}.`,
      'Look at the brokers, quotas and network of the target; the copy goes on by itself.'
    )
  }
  if (behindTransaction > 0) {
    return reason(
      'MR_STUCK_TRANSACTION',
      'A transaction is open at the source, and nothing after its first record can be read before it ends.',
      'Look for a transactional producer that hangs (kafka-transactions.sh find-hanging, or describe-producers), and abort its transaction.'
    )
  }
  if (source !== undefined && !source.leader) {
    return reason(
      'MR_STUCK_SOURCE_LEADER',
      'The source partition has no leader.',
      'Bring its brokers back; the copy goes on by itself.'
    )
  }
  if (limitedBy === 'rate') {
    return reason(
      'MR_STUCK_RATE',
      'The rate limit lets nothing of it through: others take what there is, or it is very low.',
      'Raise limits.rate, or `millrace control NAME rate`.'
    )
  }
  return reason(
    'MR_STUCK_SOURCE',
    'The source returns no records of it.',
    'Look at the brokers, quotas and network of the source; the copy goes on by itself.'
  )
}

function targetName({ topic, partition }: TargetFacts): string {
  return partition === undefined ? `A partition of target topic ${topic}` : `Target partition ${topic}-${partition}`
}

function reason(code: StuckCode, message: string, next: string): StuckReason {
  return { code, message, next }
}
