import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type Tracer
} from '@opentelemetry/api'
import type { Batch } from '../../model/batch.ts'
import type { DeliveryFailure, Settlement } from '../../model/settlement.ts'
import { partitionName, type PartitionOffset } from '../../model/topic-partition.ts'
import { AwaitedCommits } from './awaited-commits.ts'
import { batchAttributes, operationAttributes, targetAttributes, type TraceOwner } from './batch-attributes.ts'
import type { MirrorEvent } from '../events.ts'
import { recordLinks } from './record-links.ts'
import type { HeadChoice, TraceReason, TraceSampling } from './trace-sampling.ts'
import type { OffsetRange } from './trace-targets.ts'

export interface BatchTracerOptions {
  readonly tracer: Tracer
  readonly sampling: TraceSampling
  /** Per batch. */
  readonly maxLinks: number
  readonly owner: TraceOwner
  /** A traced batch was slow or failed. */
  readonly onTraced: (event: Extract<MirrorEvent, { type: 'batch-traced' }>) => void
}

/** One commit of the source group, of one partition or of many. Times as in BatchTimes. */
export interface TracedCommit {
  readonly began: number
  readonly ended: number
  /** What was committed of each partition; `error` = it was not. */
  readonly offsets: readonly (PartitionOffset & { readonly error?: string })[]
}

/** What is known of a batch before it is sent. */
interface Head extends HeadChoice {
  readonly links: readonly Link[]
}

/** A trace is complete without its commit, so these only wait for one. */
const MOST_AWAITED_COMMITS = 4096
const MOST_DRIFT_MS = 5

/**
 * One trace a batch, made when it has ended: its times are known by then, and so is whether it was slow or failed.
 *
 *     poll TOPIC                 the poll that fetched it
 *     └─ process TOPIC           fetched to delivered; links to the spans that wrote its records
 *        ├─ send TARGET          given to the producer until the last delivery report
 *        └─ commit TOPIC         the commit of the group that covers it, seconds later; once more for each that failed
 *
 * Invariant: of a batch nothing is kept but what `seen` noted, for as long as the batch itself lives, and what waits
 * for a commit, which is bounded. Nothing is ever written into a record.
 */
export class BatchTracer {
  readonly #options: BatchTracerOptions
  readonly #heads = new WeakMap<Batch, Head>()
  readonly #awaited = new AwaitedCommits(MOST_AWAITED_COMMITS)

  constructor(options: BatchTracerOptions) {
    this.#options = options
  }

  /** Delivered batches whose commit came too late for their trace. */
  get commitsDropped(): number {
    return this.#awaited.dropped
  }

  /** Chooses while the batch has its records. */
  seen(batch: Batch): void {
    const choice = this.#options.sampling.head(batch)
    if (choice === undefined) return
    this.#heads.set(batch, { ...choice, links: recordLinks(batch, choice.asked, this.#options.maxLinks) })
  }

  /** Makes the trace of a batch that has ended, if it is to have one. Returns the trace's id. `bytes`: delivered. */
  settled(batch: Batch, result: Settlement, bytes: number): string | undefined {
    const { sampling } = this.#options
    const delivered = batch.times.delivered ?? performance.now()
    const outcome = { milliseconds: delivered - batch.times.fetched, failed: result.failure !== undefined }
    const head = this.#heads.get(batch)
    const reason = head?.reason ?? sampling.tail(outcome)
    if (reason === undefined) return undefined
    const traceId = this.#trace(batch, result, { bytes, reason, head, delivered })
    const why = outcome.failed ? 'failed' : sampling.isSlow(outcome) ? 'slow' : undefined
    if (why !== undefined) {
      const { source, from, to } = batch
      const { milliseconds } = outcome
      this.#options.onTraced({ type: 'batch-traced', why, partition: source, from, to, milliseconds, traceId })
    }
    return traceId
  }

  /** Adds to the traces of the batches that this commit covers. One that failed is followed by another. */
  committed({ began, ended, offsets }: TracedCommit): void {
    if (this.#awaited.size === 0) return
    const errors = new Map(offsets.map((offset) => [partitionName(offset), offset.error]))
    for (const failed of [false, true]) {
      const some = offsets.filter(({ error }) => (error !== undefined) === failed)
      const reached = new Map(some.map((offset) => [partitionName(offset), offset.offset]))
      for (const { source, context, epochMs } of this.#awaited.coveredBy(reached, !failed)) {
        const name = partitionName(source)
        const error = errors.get(name)
        const span = this.#start('commit', source.topic, context, epochMs + began, {
          ...operationAttributes(this.#options.owner, 'commit', 'source', source),
          'kafka.offset': reached.get(name) ?? -1,
          ...(error !== undefined && { 'error.type': error })
        })
        if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error })
        span.end(epochMs + ended)
      }
    }
  }

  #trace(
    batch: Batch,
    result: Settlement,
    known: {
      readonly bytes: number
      readonly reason: TraceReason
      readonly head: Head | undefined
      /** When it was, as in BatchTimes. */
      readonly delivered: number
    }
  ): string {
    const { owner } = this.#options
    const { source, times, targetTopic, targetPartition } = batch
    const { bytes, reason, head, delivered } = known
    const epochMs = epochOfClock()
    const outside = batchAttributes(batch, result, reason)
    const pollAttributes = { ...operationAttributes(owner, 'poll', 'source', source), ...outside }
    const poll = this.#start('poll', source.topic, ROOT_CONTEXT, epochMs + times.pollBegan, pollAttributes)
    poll.end(epochMs + times.fetched)

    const where = { ...outside, ...targetAttributes(batch, result, bytes, head?.asked ?? NOTHING_ASKED) }
    const inPoll = trace.setSpan(ROOT_CONTEXT, poll)
    const processAttributes = { ...operationAttributes(owner, 'process', 'source', source), ...where }
    const process = this.#start(
      'process',
      source.topic,
      inPoll,
      epochMs + times.fetched,
      processAttributes,
      head?.links
    )
    endWith(process, result.failure, epochMs + delivered)

    const context = trace.setSpan(ROOT_CONTEXT, process)
    if (times.sent !== undefined && targetTopic !== undefined && targetPartition !== undefined) {
      const target = { topic: targetTopic, partition: targetPartition }
      const sendAttributes = { ...operationAttributes(owner, 'send', 'target', target), ...where }
      const send = this.#start('send', targetTopic, context, epochMs + times.sent, sendAttributes)
      endWith(send, result.failure, epochMs + delivered)
    }
    // What failed is read again: that will be another batch, with a trace of its own.
    if (result.failure === undefined) this.#awaited.add({ source, to: batch.to, context, epochMs })
    return poll.spanContext().traceId
  }

  #start(
    operation: keyof typeof KINDS,
    topic: string,
    parent: Context,
    startTime: number,
    attributes: Attributes,
    links: readonly Link[] = []
  ): Span {
    const options = { kind: KINDS[operation], startTime, attributes, links: [...links] }
    return this.#options.tracer.startSpan(`${operation} ${topic}`, options, parent)
  }
}

const NOTHING_ASKED: readonly OffsetRange[] = []

/** `send` is no PRODUCER: the records keep the context of the producer that wrote them. */
const KINDS = {
  poll: SpanKind.CLIENT,
  process: SpanKind.CONSUMER,
  send: SpanKind.CLIENT,
  commit: SpanKind.CLIENT
} as const

function endWith(span: Span, failure: DeliveryFailure | undefined, endTime: number): void {
  if (failure !== undefined) {
    const { name, code, offset } = failure
    span.setStatus({ code: SpanStatusCode.ERROR, message: `${name} (${code}) at source offset ${offset}` })
  }
  span.end(endTime)
}

/**
 * What to add to a time of `performance.now()` for milliseconds since 1970. The two clocks drift apart in a process
 * that runs for weeks, or when the machine's clock is set: then the wall clock is right. One value a trace, so that
 * its spans fit together.
 */
function epochOfClock(): number {
  const { timeOrigin } = performance
  const drift = Date.now() - (timeOrigin + performance.now())
  return Math.abs(drift) > MOST_DRIFT_MS ? timeOrigin + drift : timeOrigin
}
