import type { AlarmRuleInput, AlarmSubject, JobLifecycleState } from '../../api/contract.ts'
import { formatBytes, formatCount } from '../../model/format-quantities.ts'
import type { AlarmFacts } from './alarm-facts.ts'

/**
 * Whether a rule's condition holds. `unknown`: nothing was measured, which is neither yes nor no. `ended`: there is
 * nothing to measure any more, because of what somebody wanted.
 */
export type Outcome =
  | { readonly is: 'held'; readonly text: string }
  | { readonly is: 'not held'; readonly text: string }
  | { readonly is: 'unknown' }
  | { readonly is: 'ended'; readonly text: string }

export function evaluateRule(rule: Pick<AlarmRuleInput, 'subject' | 'condition'>, facts: AlarmFacts): Outcome {
  const { subject, condition } = rule
  const { job, state } = facts
  if (condition.is === 'one of') {
    const text = `${job} is ${state}.`
    return condition.states.includes(state) ? { is: 'held', text } : { is: 'not held', text }
  }
  const value = valueOf(subject, facts)
  if (typeof value !== 'number') return value
  const holds = condition.is === 'above' ? value > condition.value : value < condition.value
  const text = `${NAMES[subject]} of ${job} is ${format(subject, value)}${holds ? `, ${condition.is} ${format(subject, condition.value)}` : ''}.`
  return { is: holds ? 'held' : 'not held', text }
}

/** In these nothing is copied, because somebody wants it so or everything is copied. */
const ENDED: readonly JobLifecycleState[] = ['DRAFT', 'SUBMITTED', 'STOPPED', 'COMPLETED']
const SPEEDS: readonly AlarmSubject[] = ['recordsPerSecond', 'bytesPerSecond', 'backPressure']

function valueOf(subject: AlarmSubject, facts: AlarmFacts): number | Outcome {
  const { job, state, figures } = facts
  if (subject === 'certificateDays') {
    if (facts.certificateDays !== null) return facts.certificateDays
    return { is: 'ended', text: `${job} has no client certificate.` }
  }
  if (ENDED.includes(state)) return { is: 'ended', text: `${job} is ${state}: it is not measured any more.` }
  if (state === 'PAUSED' && SPEEDS.includes(subject)) return { is: 'ended', text: `${job} is PAUSED.` }
  if (figures === null) return { is: 'unknown' }
  const value = measuredOf(subject, figures, facts.badRecords)
  return value === null ? { is: 'unknown' } : value
}

function measuredOf(
  subject: AlarmSubject,
  figures: NonNullable<AlarmFacts['figures']>,
  badRecords: number | null
): number | null {
  switch (subject) {
    case 'lagRecords':
      return figures.lagRecords
    case 'lagSeconds':
      // A lag of which nothing is delivered lasts for ever.
      if (figures.lagSeconds === null && (figures.lagRecords ?? 0) > 0) return Infinity
      return figures.lagSeconds
    case 'latencyP99Ms':
      return figures.replicationLatencyMs?.p99 ?? null
    case 'recordsPerSecond':
      return figures.rates.recordsOut
    case 'bytesPerSecond':
      return figures.rates.bytesOut
    case 'backPressure':
      return figures.limitShares.target
    case 'badRecords':
      return badRecords
    case 'state':
    case 'certificateDays':
      return null
  }
}

const NAMES: Readonly<Record<AlarmSubject, string>> = {
  state: 'The state',
  lagRecords: 'The lag',
  lagSeconds: 'The lag',
  latencyP99Ms: 'The replication latency (p99)',
  recordsPerSecond: 'The throughput',
  bytesPerSecond: 'The throughput',
  backPressure: 'The share of time in which the target limits',
  badRecords: 'The number of records that the target refused in five minutes',
  certificateDays: 'The time left of the client certificate'
}

function format(subject: AlarmSubject, value: number): string {
  switch (subject) {
    case 'lagRecords':
      return `${formatCount(value)} records`
    case 'lagSeconds':
      return value === Infinity ? 'without end, as nothing is delivered' : `${plain(value)} s`
    case 'latencyP99Ms':
      return `${plain(value)} ms`
    case 'recordsPerSecond':
      return `${plain(value)} records/s`
    case 'bytesPerSecond':
      return `${formatBytes(value)}/s`
    case 'backPressure':
      return `${plain(value * 100)} %`
    case 'certificateDays':
      return `${plain(value)} days`
    case 'badRecords':
    case 'state':
      return plain(value)
  }
}

/** Enough digits to see on which side of a limit it is. */
function plain(value: number): string {
  return Math.abs(value) >= 100 ? formatCount(value) : String(Number(value.toPrecision(3)))
}
