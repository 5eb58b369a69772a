import type { DeadLetterPlace } from '../model/audit-entry.ts'
import { formatCount, plural } from '../model/format-quantities.ts'
import { type TopicPartition, partitionName } from '../model/topic-partition.ts'
import { describeRange } from './describe-range.ts'
import type { MirrorEvent } from './events.ts'
import type { TellingsOf } from './telling.ts'

/** An event of a mirror and the worker that it runs in. */
type FromWorker<E> = E extends MirrorEvent ? E & { readonly worker: number } : never
export type WorkerMirrorEvent = FromWorker<MirrorEvent>

/** What the events of mirrors say and count. */
export const MIRROR_TELLINGS: TellingsOf<WorkerMirrorEvent> = {
  assigned: {
    level: 'info',
    line: ({ worker, partitions }) => `Worker ${worker} was given ${names(partitions)}.`,
    attributes: ({ worker, partitions }) => ({ worker, partitions: partitions.length }),
    counts: () => [{ counter: 'rebalances', labels: { type: 'assigned' }, by: 1 }]
  },
  revoked: {
    level: 'info',
    line: ({ worker, partitions }) => `Worker ${worker} gave back ${names(partitions)}.`,
    attributes: ({ worker, partitions }) => ({ worker, partitions: partitions.length }),
    counts: () => [{ counter: 'rebalances', labels: { type: 'revoked' }, by: 1 }]
  },
  completed: {
    level: 'debug',
    line: ({ partition, to }) => `${partitionName(partition)} is complete up to offset ${to}.`,
    attributes: ({ worker, partition, to }) => ({ worker, ...placeOf(partition), offset: to })
  },
  'partition-stopped': {
    level: 'error',
    line: ({ partition, reason: { code, message, next } }) =>
      `${partitionName(partition)} stopped, ${code}: ${message} Next: ${next}`,
    attributes: ({ worker, partition, reason: { code, place }, traceId }) => ({
      worker,
      cluster: place.cluster,
      ...placeOf(partition),
      offset: place.offset,
      code,
      trace_id: traceId
    }),
    counts: ({ reason: { code, place } }) => [
      { counter: 'partitions_stopped', labels: { code }, by: 1 },
      { counter: 'errors', labels: { code, cluster: place.cluster ?? '' }, by: 1 }
    ]
  },
  'may-repeat': {
    level: 'warn',
    line: ({ ranges }) => `May be copied again: ${some(ranges.map(describeRange), '; ', 'range')}.`,
    attributes: ({ worker, ranges }) => ({
      worker,
      partitions: ranges.length,
      offsets: ranges.reduce((sum, { from, to }) => sum + to - from, 0)
    })
  },
  'commit-failed': {
    level: 'warn',
    line: ({ worker, message }) => `Worker ${worker} could not commit: ${message}`,
    attributes: ({ worker }) => ({ worker, cluster: 'source' }),
    counts: () => [{ counter: 'commit_failures', labels: {}, by: 1 }]
  },
  'producer-remade': {
    level: 'warn',
    line: ({ worker, message }) => `Worker ${worker} made its producer anew: ${message}`,
    attributes: ({ worker }) => ({ worker, cluster: 'target' }),
    counts: () => [{ counter: 'producers_remade', labels: {}, by: 1 }]
  },
  waiting: {
    level: 'warn',
    line: ({ worker, message }) => `Worker ${worker} waits: ${message}`,
    attributes: ({ worker }) => ({ worker })
  },
  'bad-record': {
    level: 'warn',
    line: ({ entry: { source, reason, policy, deadLetter } }) =>
      `The target refuses ${partitionName(source)}@${source.offset}: ${reason}. ` +
      (policy === 'skip'
        ? 'It is skipped'
        : `It is in ${deadLetter === undefined ? '' : placeOfDeadLetter(deadLetter)}`) +
      '; the audit trail has it and all that follow.',
    attributes: ({ worker, entry: { source, reason, policy } }) => ({
      worker,
      cluster: 'target',
      ...placeOf(source),
      offset: source.offset,
      code: reason,
      policy
    })
  },
  'batch-traced': {
    level: ({ why }) => (why === 'failed' ? 'warn' : 'info'),
    line: ({ why, partition, from, to, milliseconds }) => {
      const what = describeRange({ ...partition, from, to })
      const ms = formatCount(milliseconds)
      return why === 'failed'
        ? `A batch was not delivered: ${what}, ${ms} ms after it was fetched.`
        : `A batch was slow: ${what} took ${ms} ms from fetched to delivered.`
    },
    attributes: ({ worker, why, partition, from, to, milliseconds, traceId }) => ({
      worker,
      why,
      ...placeOf(partition),
      offset: from,
      to,
      milliseconds: Math.round(milliseconds),
      trace_id: traceId
    })
  }
}

function placeOf({ topic, partition }: TopicPartition) {
  return { topic, partition }
}

function placeOfDeadLetter(place: DeadLetterPlace): string {
  return 'file' in place ? place.file : `${partitionName(place)}@${place.offset}`
}

const MOST_NAMES = 10

export function names(partitions: readonly TopicPartition[]): string {
  return some(partitions.map(partitionName), ', ', 'partition')
}

/** All, or how many there are and the first of them. */
function some(all: readonly string[], separator: string, noun: string): string {
  const shown = all.slice(0, MOST_NAMES).join(separator)
  const rest = all.length - MOST_NAMES
  return rest > 0 ? `${plural(all.length, noun)}: ${shown} and ${rest} more` : shown
}
