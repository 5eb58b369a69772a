import type { FindingList } from './finding-list.ts'
import type { MemoryDivision } from './plan-types.ts'

const KIB = 1024
const MIB = 1024 * KIB

/*
 * The figures of the division, in bytes. The bases are such that the peak of all processes stays below the limit
 * (test/integration/faults/memory.test.ts), so they hold what the parts do not count; what a most
 * is for: more of it does not make copying faster.
 */
const SUPERVISOR_BASE = 80 * MIB
const WORKER_BASE = 128 * MIB
/*
 * What a partition costs beside its records: librdkafka's state of it at either side, offsets and counts, and what is told
 * of it twice a second (test/integration/faults/memory-extremes.test.ts).
 */
const SUPERVISOR_PARTITION = 40 * KIB
const WORKER_PARTITION = 64 * KIB
/** From here on a refusal says what they cost. */
const MANY_PARTITIONS = 100
/** The OpenTelemetry SDK, in a process that exports. */
const TELEMETRY = 32 * MIB
/** Requests being built and sent, compression, delivery reports, the allocator's slack: beside what is in flight. */
const PRODUCER_OVERHEAD = 24 * MIB
const LEAST_CONSUMER_QUEUE = 2 * MIB
const MOST_CONSUMER_QUEUE = 16 * MIB
const LEAST_FETCH = 1 * MIB
const MOST_FETCH = 8 * MIB
const LEAST_IN_FLIGHT = 4 * MIB
const MOST_IN_FLIGHT = 24 * MIB
/** Of what is left when every part has its least. */
const SHARE_OF_FETCH = 0.2
const SHARE_OF_QUEUE = 0.4

export interface MemoryQuestion {
  /** `limits.memory`. */
  readonly total: number
  readonly workers: number
  readonly sourceBrokers: number
  /** Of the source, all that are copied; 0 when it is not said. */
  readonly partitions?: number
  /** The largest `max.message.bytes` on either side: one such record has to fit. */
  readonly largestMessage: number
  /** `fetch.max.bytes`, if the user has set it. */
  readonly fetchMaxBytes?: number | undefined
  /** Which processes export metrics or traces. */
  readonly exporting?: { readonly supervisor: boolean; readonly workers: boolean } | undefined
  /** `queued.max.messages.kbytes` in bytes, if the user has set it. */
  readonly queuedMaxBytes?: number | undefined
}

/**
 * Divides a job's memory over its processes and over the parts of each worker. What can't be divided is refused with
 * the arithmetic; the division given back then has the least of every part.
 */
export function divideMemory(question: MemoryQuestion, findings: FindingList): MemoryDivision {
  const { total, workers } = question
  const brokers = Math.max(1, question.sourceBrokers)
  const least = leastParts(question, brokers)
  const partitions = question.partitions ?? 0
  const supervisor =
    SUPERVISOR_BASE + partitions * SUPERVISOR_PARTITION + (question.exporting?.supervisor === true ? TELEMETRY : 0)
  const ofWorker = Math.ceil(partitions / workers) * WORKER_PARTITION
  const workerBase = WORKER_BASE + ofWorker + (question.exporting?.workers === true ? TELEMETRY : 0)
  const fixed = workerBase + PRODUCER_OVERHEAD
  const leastWorker = fixed + least.consumerQueue + least.fetchBuffers + least.inFlight
  const needed = supervisor + workers * leastWorker
  const spare = Math.max(0, Math.floor((total - needed) / workers))
  if (needed > total) refuse(question, { ...least, supervisor, workerBase, worker: leastWorker }, needed, findings)

  // A part that the user has fixed, or that is full, leaves its share to the in-flight bytes.
  const fetchBuffers =
    question.fetchMaxBytes === undefined
      ? grow(least.fetchBuffers, spare * SHARE_OF_FETCH, brokers * MOST_FETCH)
      : least.fetchBuffers
  const consumerQueue =
    question.queuedMaxBytes === undefined
      ? grow(least.consumerQueue, spare * SHARE_OF_QUEUE, MOST_CONSUMER_QUEUE)
      : least.consumerQueue
  const left = spare - (fetchBuffers - least.fetchBuffers) - (consumerQueue - least.consumerQueue)
  const inFlight = grow(least.inFlight, left, MOST_IN_FLIGHT)
  return {
    total,
    supervisor,
    workers,
    workerBase,
    consumerQueue,
    fetchBuffers,
    inFlight,
    producerOverhead: PRODUCER_OVERHEAD
  }
}

/** `fetch.max.bytes` of a worker's consumer. */
export function fetchMaxBytes(memory: MemoryDivision, sourceBrokers: number): number {
  return Math.floor(memory.fetchBuffers / Math.max(1, sourceBrokers))
}

type Parts = Pick<MemoryDivision, 'consumerQueue' | 'fetchBuffers' | 'inFlight'>

function leastParts(question: MemoryQuestion, brokers: number): Parts {
  const record = question.largestMessage
  return {
    consumerQueue: question.queuedMaxBytes ?? LEAST_CONSUMER_QUEUE,
    // A broker answers with a whole record however large, so a smaller buffer would be no bound.
    fetchBuffers: brokers * (question.fetchMaxBytes ?? Math.max(LEAST_FETCH, record)),
    inFlight: Math.max(LEAST_IN_FLIGHT, record)
  }
}

interface LeastParts extends Parts {
  readonly supervisor: number
  readonly workerBase: number
  /** All of a worker. */
  readonly worker: number
}

function refuse(
  { total, workers, sourceBrokers, partitions = 0, exporting }: MemoryQuestion,
  parts: LeastParts,
  needed: number,
  findings: FindingList
): void {
  const brokers = Math.max(1, sourceBrokers)
  const sum = [
    `${mib(parts.workerBase)} process`,
    `${mib(parts.consumerQueue)} consumer queue`,
    `${mib(parts.fetchBuffers)} fetch responses of ${brokers} broker${brokers === 1 ? '' : 's'}`,
    `${mib(parts.inFlight)} in flight`,
    `${mib(PRODUCER_OVERHEAD)} producer`
  ].join(' + ')
  const exports = exporting?.supervisor === true || exporting?.workers === true
  findings.refuse({
    code: 'MR_MEMORY_LIMIT',
    message:
      `limits.memory is ${mib(total)}, the least that works is ${mib(needed)}: supervisor ${mib(parts.supervisor)} + ` +
      `${workers} worker${workers === 1 ? '' : 's'} × ${mib(parts.worker)} (${sum}).` +
      (partitions >= MANY_PARTITIONS
        ? ` ${partitions} partitions need ${mib(partitions * (SUPERVISOR_PARTITION + WORKER_PARTITION))} of it.`
        : '') +
      (exports ? ` Each process that exports metrics or traces needs ${mib(TELEMETRY)} of it for that.` : ''),
    next: `Set limits.memory to ${mib(needed)} or more, or use fewer workers or a smaller fetch.max.bytes.`
  })
}

function grow(least: number, more: number, most: number): number {
  return Math.floor(Math.max(least, Math.min(least + more, most)))
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)}MiB`
}
