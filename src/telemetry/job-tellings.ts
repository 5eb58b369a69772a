import { describePauseTarget, describeRate } from '../model/describe-flow.ts'
import { plural } from '../model/format-quantities.ts'
import { type ErrorPlace, describeError } from '../model/millrace-error.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { JobEvent } from './events.ts'
import { names } from './mirror-tellings.ts'
import type { LogAttributes } from './log/log.ts'
import type { TellingsOf } from './telling.ts'

/** What the events of a job say and count; those of its mirrors are in `MIRROR_TELLINGS`. */
export const JOB_TELLINGS: TellingsOf<Exclude<JobEvent, { readonly type: 'mirror' }>> = {
  state: {
    level: ({ state }) => (state === 'FAILED' || state === 'AUTH_FAILED' ? 'error' : 'info'),
    line: ({ state, error }) => `The job is ${state}${error === undefined ? '.' : `: ${describeError(error)}`}`,
    attributes: ({ state, error }) => ({
      state,
      ...(error !== undefined && { code: error.code, ...placeOf(error.place) })
    }),
    counts: ({ error }) => (error === undefined ? [] : [errorCount(error)])
  },
  'worker-started': {
    level: 'info',
    line: ({ worker, pid }) => `Worker ${worker} started (process ${pid}).`,
    attributes: ({ worker, pid }) => ({ worker, pid })
  },
  'worker-crashed': {
    level: 'error',
    line: ({ worker, why, restartInMs }) => `Worker ${worker} crashed (${why}); next start in ${restartInMs} ms.`,
    attributes: ({ worker, restartInMs, code, place }) => ({
      worker,
      restart_in_ms: restartInMs,
      code,
      ...placeOf(place ?? {})
    }),
    counts: ({ code, place }) => [
      { counter: 'worker_restarts', labels: {}, by: 1 },
      ...(code === undefined ? [] : [errorCount({ code, place: place ?? {} })])
    ]
  },
  'worker-ended': {
    level: 'debug',
    line: ({ worker }) => `Worker ${worker} ended.`,
    attributes: ({ worker }) => ({ worker })
  },
  'client-event': {
    level: ({ level }) => level,
    line: ({ worker, cluster, text }) => `${cluster}${worker === undefined ? '' : `, worker ${worker}`}: ${text}`,
    attributes: ({ worker, cluster, code }) => ({ worker, cluster, code }),
    counts: ({ cluster, code }) => (code === undefined ? [] : [errorCount({ code, place: { cluster } })])
  },
  'rate-changed': {
    level: 'info',
    line: ({ rate }) => `The job may copy ${describeRate(rate)}.`,
    attributes: ({ rate }) => ({ bytes: rate.bytes, records: rate.records })
  },
  paused: {
    level: 'info',
    line: ({ target }) => `Paused: ${describePauseTarget(target)}.`,
    attributes: ({ target }) => ({ topic: target.topic, partition: target.partition })
  },
  resumed: {
    level: 'info',
    line: ({ target }) => `Resumed: ${describePauseTarget(target)}.`,
    attributes: ({ target }) => ({ topic: target.topic, partition: target.partition })
  },
  stuck: {
    // What the user has asked for is no reason to worry.
    level: ({ reason: { code } }) => (code === 'MR_STUCK_PAUSED' || code === 'MR_STUCK_RATE' ? 'info' : 'warn'),
    line: ({ reason: { code, message, next }, partitions }) =>
      `No progress of ${names(partitions)}, ${code}: ${message} Next: ${next}`,
    attributes: ({ reason: { code }, partitions }) => ({ code, partitions: partitions.length, ...partitions[0] })
  },
  'topic-created': {
    level: 'info',
    line: ({ topic, partitions }) => `Target topic ${topic} was created with ${plural(partitions, 'partition')}.`,
    attributes: ({ topic, partitions }) => ({ cluster: 'target', topic, partitions }),
    counts: () => [{ counter: 'topics', labels: { change: 'created' }, by: 1 }]
  },
  'topic-grown': {
    level: 'info',
    line: ({ topic, partitions }) => `Target topic ${topic} has grown to ${plural(partitions, 'partition')}.`,
    attributes: ({ topic, partitions }) => ({ cluster: 'target', topic, partitions }),
    counts: () => [{ counter: 'topics', labels: { change: 'grown' }, by: 1 }]
  },
  'topic-found': {
    level: 'info',
    line: ({ topic, target }) => `Found topic ${topic}: it is mirrored to ${target} from its first record.`,
    attributes: ({ topic, target }) => ({ cluster: 'source', topic, target }),
    counts: () => [{ counter: 'topics', labels: { change: 'found' }, by: 1 }]
  },
  listening: {
    level: 'info',
    line: ({ url }) => `Metrics and health are at ${url} (/metrics, /healthz, /readyz).`,
    attributes: ({ url }) => ({ url })
  },
  'export-problem': {
    level: 'warn',
    line: ({ text }) => text,
    attributes: () => ({})
  },
  loss: {
    level: ({ loss }) => (loss.outcome === 'stopped' ? 'error' : 'warn'),
    line: ({ loss: { topic, partition, outcome, reason } }) =>
      `${partitionName({ topic, partition })} ${outcome === 'stopped' ? 'stops' : 'goes on'}, ${reason.code}: ${reason.message} Next: ${reason.next}`,
    attributes: ({ loss: { topic, partition, outcome, lost, writtenSince, reason } }) => ({
      ...placeOf(reason.place),
      topic,
      partition,
      code: reason.code,
      outcome,
      lost_from: lost?.from,
      lost_to: lost?.to,
      written_from: writtenSince?.from,
      written_to: writtenSince?.to
    }),
    counts: ({ loss: { outcome, lost, reason } }) => [
      { counter: 'losses', labels: { code: reason.code, outcome }, by: 1 },
      ...(lost === undefined
        ? []
        : [{ counter: 'lost_offsets', labels: { code: reason.code }, by: lost.to - lost.from } as const])
    ]
  },
  warning: {
    level: 'warn',
    line: ({ error }) => describeError(error),
    attributes: ({ error: { code, place } }) => ({ code, ...placeOf(place) }),
    counts: ({ error }) => {
      const { counter, labels, by } = errorCount(error)
      // A finding is no error: the job goes on as it is. What failed and is tried again is one.
      return [error.kind === 'refused' ? { counter: 'warnings', labels, by } : { counter, labels, by }]
    }
  },
  refused: {
    level: 'error',
    line: ({ error }) => describeError(error),
    attributes: ({ error: { code, place } }) => ({ code, ...placeOf(place) }),
    counts: ({ error }) => [errorCount(error)]
  }
}

function errorCount({ code, place }: { readonly code: string; readonly place: ErrorPlace }) {
  return { counter: 'errors', labels: { code, cluster: place.cluster ?? '' }, by: 1 } as const
}

function placeOf({ cluster, topic, partition, offset, broker }: ErrorPlace): LogAttributes {
  return { cluster, topic, partition, offset, broker }
}
