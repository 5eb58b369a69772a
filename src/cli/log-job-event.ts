import type { JobEvent } from '../job/job-events.ts'
import { describeError } from '../model/millrace-error.ts'
import { type TopicPartition, partitionName } from '../model/topic-partition.ts'
import type { MayRepeat, MirrorEvent } from '../pipeline/types.ts'
import type { Log, LogLevel } from '../telemetry/create-log.ts'
import { formatCount, plural } from './format-quantities.ts'

type Line = readonly [level: LogLevel, message: string]

/** One event, one line of the log. */
export function logJobEvent(log: Log, event: JobEvent): void {
  const [level, message] = lineOf(event)
  log.log(level, message)
}

function lineOf(event: JobEvent): Line {
  switch (event.type) {
    case 'state':
      return ['info', `The job is ${event.state}.`]
    case 'worker-started':
      return ['info', `Worker ${event.worker} started (process ${event.pid}).`]
    case 'worker-crashed':
      return ['error', `Worker ${event.worker} crashed (${event.why}); next start in ${event.restartInMs} ms.`]
    case 'worker-ended':
      return ['debug', `Worker ${event.worker} ended.`]
    case 'mirror':
      return mirrorLine(event.worker, event.event)
    case 'client-event': {
      const who = event.worker === undefined ? event.cluster : `${event.cluster}, worker ${event.worker}`
      return [event.level, `${who}: ${event.text}`]
    }
    case 'topic-created':
      return ['info', `Target topic ${event.topic} was created with ${plural(event.partitions, 'partition')}.`]
    case 'topic-grown':
      return ['info', `Target topic ${event.topic} has grown to ${plural(event.partitions, 'partition')}.`]
    case 'topic-found':
      return ['info', `Found topic ${event.topic}: it is mirrored to ${event.target} from its first record.`]
    case 'warning':
      return ['warn', describeError(event.error)]
  }
}

function mirrorLine(worker: number, event: MirrorEvent): Line {
  switch (event.type) {
    case 'assigned':
      return ['info', `Worker ${worker} was given ${names(event.partitions)}.`]
    case 'revoked':
      return ['info', `Worker ${worker} gave back ${names(event.partitions)}.`]
    case 'completed':
      return ['debug', `${partitionName(event.partition)} is complete up to offset ${event.to}.`]
    case 'partition-stopped': {
      const { code, message, next } = event.reason
      return ['error', `${partitionName(event.partition)} stopped, ${code}: ${message} Next: ${next}`]
    }
    case 'may-repeat':
      return ['warn', `May be copied again: ${event.ranges.map(describeRange).join('; ')}.`]
    case 'commit-failed':
      return ['warn', `Worker ${worker} could not commit: ${event.message}`]
    case 'producer-remade':
      return ['warn', `Worker ${worker} made its producer anew: ${event.message}`]
    case 'waiting':
      return ['warn', `Worker ${worker} waits: ${event.message}`]
  }
}

/** `orders-3 offsets 100 to 199 (100)` */
export function describeRange({ topic, partition, from, to }: MayRepeat): string {
  return `${partitionName({ topic, partition })} offsets ${from} to ${to - 1} (${formatCount(to - from)})`
}

const MOST_NAMES = 10

function names(partitions: readonly TopicPartition[]): string {
  const some = partitions.slice(0, MOST_NAMES).map(partitionName).join(', ')
  const rest = partitions.length - MOST_NAMES
  return rest > 0 ? `${plural(partitions.length, 'partition')}: ${some} and ${rest} more` : some
}
