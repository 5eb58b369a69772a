import type { JobFigures, JobLifecycleState, PartitionRow, Reason } from '../../api/contract.ts'
import { topicRows } from '../record/partition-rows.ts'

export interface SentenceParts {
  readonly state: JobLifecycleState
  readonly reason: Reason | null
  readonly figures: JobFigures | null
  readonly rows: readonly PartitionRow[]
  /** When its process is started again, in ms since 1970; null = it is not waiting for that. */
  readonly restartAt: number | null
  readonly now: number
}

/** What is going on with a job, in words. */
export function jobSentence(parts: SentenceParts): string {
  const { state, reason, restartAt, now } = parts
  switch (state) {
    case 'DRAFT':
      return 'A draft: submit it to have it checked and its mapping approved.'
    case 'SUBMITTED':
      return 'Checked and approved: it can be started.'
    case 'STARTING':
      if (restartAt === null) return 'Connecting, planning and starting its workers.'
      return `Its process ended${because(reason)} It starts again in ${Math.max(0, Math.ceil((restartAt - now) / 1000))} s.`
    case 'STOPPING':
      return 'Delivering what is on its way, then it commits and ends.'
    case 'STOPPED':
      return 'Stopped: it goes on from its commits when it is started again.'
    case 'COMPLETED':
      return `Done: everything up to its end is copied${copied(parts)}.`
    case 'FAILED':
      return `Failed${because(reason)}`
    case 'AUTH_FAILED':
      return `A cluster refused its credentials, and nothing is tried again by itself${because(reason)}`
    case 'RUNNING':
    case 'DEGRADED':
    case 'PAUSED':
      return running(parts)
  }
}

function running({ state, figures, rows }: SentenceParts): string {
  const topics = topicRows(rows)
  const moving = topics.filter(({ partitions, stopped, paused }) => stopped + paused < partitions).length
  const all = `${topics.length} topic${topics.length === 1 ? '' : 's'}`
  const what = moving === topics.length ? all : `${moving} of ${all}`
  const stopped = rows.filter((row) => row.state === 'stopped').length
  const begin =
    state === 'PAUSED' ? `Paused, with ${all}` : topics.length === 0 ? 'No topic to copy yet' : `Copying ${what}`
  const parts = [
    begin,
    ...(stopped > 0 ? [`${stopped} partition${stopped === 1 ? ' has' : 's have'} stopped`] : []),
    ...(figures === null ? [] : [behind(figures), ...limiting(state, figures)])
  ]
  return `${parts.filter((part) => part !== '').join('; ')}.`
}

function behind({ lagRecords }: JobFigures): string {
  if (lagRecords === null) return ''
  return lagRecords === 0 ? 'nothing behind' : `${short(lagRecords)} record${lagRecords === 1 ? '' : 's'} behind`
}

function limiting(state: JobLifecycleState, { limiting: side, limitShares }: JobFigures): string[] {
  if (state === 'PAUSED' || side === 'nothing') return []
  if (side === 'rate limit') return ['the rate limit holds it back']
  return [`the ${side} limits (${Math.round(limitShares[side] * 100)} % of the time)`]
}

function copied({ figures }: SentenceParts): string {
  return figures === null ? '' : `, ${short(figures.records)} record${figures.records === 1 ? '' : 's'} in the last run`
}

function because(reason: Reason | null): string {
  return reason === null ? '.' : `: ${reason.message.replace(/[.\s]*$/, '')}.`
}

/** `950`, `1.2 k`, `3.4 M` */
export function short(count: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3]
  ] as const) {
    if (count >= size) return `${(count / size).toFixed(count >= 100 * size ? 0 : 1)} ${unit}`
  }
  return String(count)
}
