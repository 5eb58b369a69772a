import type { Attributes } from '@opentelemetry/api'
import type { Batch } from '../../model/batch.ts'
import type { DeliveryFailure, OffsetRun, Settlement } from '../../model/settlement.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import { describeRuns, targetOffsets } from './describe-runs.ts'
import type { TraceReason } from './trace-sampling.ts'
import type { OffsetRange } from './trace-targets.ts'

/*
 * Names are those of OpenTelemetry's conventions for messaging, version 1.45 (a test compares them with the package),
 * and `millrace.*` where these have none.
 */

/** Whose batches: the same on every span. */
export interface TraceOwner {
  readonly job: string
  /** Index of the worker. */
  readonly worker: number
  readonly groupId: string
}

export type Operation = 'poll' | 'process' | 'send' | 'commit'

const OPERATION_TYPES: Readonly<Record<Operation, string>> = {
  poll: 'receive',
  process: 'process',
  send: 'send',
  commit: 'settle'
}

/** What an operation does, and where: `cluster` is the side that it talks to. */
export function operationAttributes(
  owner: TraceOwner,
  operation: Operation,
  cluster: 'source' | 'target',
  { topic, partition }: TopicPartition
): Attributes {
  return {
    'messaging.system.name': 'kafka',
    'messaging.operation.name': operation,
    'messaging.operation.type': OPERATION_TYPES[operation],
    'messaging.destination.name': topic,
    'messaging.destination.partition.id': String(partition),
    // A producer has no group.
    ...(cluster === 'source' && { 'messaging.consumer.group.name': owner.groupId }),
    'millrace.cluster': cluster,
    'millrace.job': owner.job,
    'millrace.worker': owner.worker
  }
}

/** What was in a batch that has ended, before it was sent. */
export function batchAttributes(batch: Batch, result: Settlement, reason: TraceReason): Attributes {
  const { source, to, payload, leaderEpoch } = batch
  return {
    'messaging.batch.message_count': result.delivered + (result.failure?.count ?? 0),
    'millrace.source.topic': source.topic,
    'millrace.source.partition': source.partition,
    // Of a batch without records: what it says there is nothing in.
    'millrace.source.offset.first': firstOffset(batch, result),
    'millrace.source.offset.last': payload?.lastOffset ?? to - 1,
    ...(leaderEpoch >= 0 && { 'millrace.source.leader_epoch': leaderEpoch }),
    'millrace.trace.reason': reason
  }
}

/** The producer may take the first record out, to send it alone: then the payload begins behind it. */
function firstOffset({ from, payload }: Batch, { runs, failure }: Settlement): number {
  const offsets = [payload?.firstOffset, runs[0]?.sourceOffset, failure?.offset].filter(
    (offset) => offset !== undefined
  )
  return offsets.length === 0 ? from : Math.min(...offsets)
}

/** Where its records went. `bytes`: keys and values that were delivered. */
export function targetAttributes(
  batch: Batch,
  result: Settlement,
  bytes: number,
  asked: readonly OffsetRange[]
): Attributes {
  const { targetTopic, targetPartition } = batch
  return {
    ...(targetTopic !== undefined && { 'millrace.target.topic': targetTopic }),
    ...(targetPartition !== undefined && { 'millrace.target.partition': targetPartition }),
    'millrace.delivered.records': result.delivered,
    'millrace.delivered.bytes': bytes,
    ...(result.altered > 0 && { 'millrace.altered.records': result.altered }),
    ...offsetAttributes(result.runs, asked),
    ...(result.failure !== undefined && failureAttributes(result.failure))
  }
}

function offsetAttributes(runs: readonly OffsetRun[], asked: readonly OffsetRange[]): Attributes {
  const known = targetOffsets(runs)
  const described = describeRuns(runs, asked)
  return {
    ...(known !== undefined && {
      'millrace.target.offset.first': known.first,
      'millrace.target.offset.last': known.last
    }),
    'millrace.offset.runs': described,
    ...(described.length < runs.length && { 'millrace.offset.runs.left_out': runs.length - described.length })
  }
}

function failureAttributes({ name, code, offset, count, kind }: DeliveryFailure): Attributes {
  return {
    'error.type': name,
    'millrace.failure.code': code,
    'millrace.failure.offset': offset,
    'millrace.failure.count': count,
    'millrace.failure.kind': kind
  }
}
