import type { SendTarget } from '../client/types.ts'
import type { AuditEntry, BadRecordPolicy, DeadLetterPlace } from '../model/audit-entry.ts'
import type { BatchPayload, RecordView } from '../model/batch.ts'
import { describeError, MillraceError } from '../model/millrace-error.ts'
import { type DeliveryFailure, NOTHING_TO_DELIVER, type Settlement, undelivered } from '../model/settlement.ts'
import type { StopReason } from '../model/stop-reason.ts'
import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'
import { appendLine } from './append-line.ts'
import { type DeadLetterOrigin, deadLetterLine, deadLetterRecord } from './dead-letter-record.ts'
import { recordRefused } from './record-refused.ts'

/** A producer of its own for what is sent alone. It waits for a target that is away, and never rejects. */
export interface AsideProducer {
  /** What can't be sent because the worker ends fails as `blocked`. */
  send(payload: BatchPayload, target: SendTarget): Promise<Settlement>
  sendRecord(record: RecordView, target: SendTarget): Promise<Settlement>
  /** 0 = there is no such topic; -1 = the worker ends. */
  partitionsOf(topic: string): Promise<number>
}

export interface RefusedRecordsOptions {
  readonly job: string
  readonly policyOf: (topic: string) => BadRecordPolicy
  readonly deadLetter: { readonly topic: string } | { readonly file: string }
  readonly aside: AsideProducer
  /** Resolves when the audit trail has the entries for good. */
  readonly audit: (entries: readonly AuditEntry[]) => Promise<void>
  /** A record was dead-lettered or skipped. */
  readonly onSetAside: (entry: AuditEntry) => void
  /** What was found out about the target: it refused this much, or a record without a key. */
  readonly onRefused: (topic: string, refusal: { readonly name: string; readonly record: RecordFacts }) => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

export interface RecordFacts {
  /** Key and value. */
  readonly bytes: number
  readonly hasKey: boolean
}

/**
 * Sends suspects alone, and does with those that are refused what the job says.
 *
 * Invariant: a record is settled as set aside only after its dead letter was delivered and the audit trail has it.
 */
export class RefusedRecords {
  readonly #options: RefusedRecordsOptions
  readonly #now: () => number

  constructor(options: RefusedRecordsOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  async sendAlone(payload: BatchPayload, source: TopicPartition, target: SendTarget): Promise<Settlement> {
    const { policyOf, aside, onRefused } = this.#options
    const policy = policyOf(source.topic)
    const of: PartitionOffset = { topic: source.topic, partition: source.partition, offset: payload.firstOffset }
    const facts = { bytes: payload.bytes, hasKey: !payload.hasKeyless }
    const [copy] = policy === 'dead-letter' ? payload.records() : []
    const result = await aside.send(payload, target)
    const { failure } = result
    if (failure?.fault === undefined) return result
    const { name } = failure.fault
    onRefused(target.topic, { name, record: facts })
    if (policy === 'stop') return stopped(failure, recordRefused(of, failure.fault))
    try {
      return await this.#setAside(policy, copy, { of, target, reason: name })
    } catch (error) {
      if (error instanceof MillraceError && error.kind === 'retry') return again(failure)
      return stopped(failure, stopReason(error, of))
    }
  }

  async #setAside(
    policy: 'dead-letter' | 'skip',
    copy: RecordView | undefined,
    { of, target, reason }: { of: PartitionOffset; target: SendTarget; reason: string }
  ): Promise<Settlement> {
    const { job, audit, onSetAside } = this.#options
    const time = new Date(this.#now()).toISOString()
    const at = { topic: target.topic, partition: target.partition }
    const deadLetter =
      copy === undefined
        ? undefined
        : await this.#writeDeadLetter(copy, { job, source: of, target: at, reason, time }, target.lane)
    const entry: AuditEntry = {
      time,
      source: of,
      count: 1,
      target: at,
      reason,
      policy,
      ...(deadLetter !== undefined && { deadLetter })
    }
    await audit([entry])
    onSetAside(entry)
    const setAside = policy === 'skip' ? { deadLettered: 0, skipped: 1 } : { deadLettered: 1, skipped: 0 }
    return { ...NOTHING_TO_DELIVER, setAside }
  }

  async #writeDeadLetter(record: RecordView, origin: DeadLetterOrigin, lane: number): Promise<DeadLetterPlace> {
    const { deadLetter, aside } = this.#options
    if ('file' in deadLetter) {
      try {
        await appendLine(deadLetter.file, deadLetterLine(record, origin))
      } catch (error) {
        throw deadLetterError(`The dead letter can't be written to ${deadLetter.file}: ${describeError(error)}`, error)
      }
      return { file: deadLetter.file }
    }
    const { topic } = deadLetter
    const partitions = await aside.partitionsOf(topic)
    if (partitions < 0) throw workerEnds()
    if (partitions === 0) throw deadLetterError(`There is no dead-letter topic ${topic} at the target.`)
    const partition = origin.source.partition % partitions
    const { runs, failure } = await aside.sendRecord(deadLetterRecord(record, origin), { topic, partition, lane })
    if (failure !== undefined) {
      const text = `The dead-letter topic ${topic} refuses the record: ${failure.name} (${failure.code}).`
      throw failure.kind === 'refused' ? deadLetterError(text) : workerEnds()
    }
    return { topic, partition, offset: runs[0]?.targetOffset ?? -1 }
  }
}

function workerEnds(): MillraceError {
  return new MillraceError({ code: 'MR_CLIENT_CLOSED', kind: 'retry', message: 'the worker ends' })
}

function deadLetterError(message: string, cause?: unknown): MillraceError {
  return new MillraceError({
    code: 'MR_DEAD_LETTER_REFUSED',
    kind: 'partition',
    message,
    next: 'Raise max.message.bytes of the dead-letter topic, or name another place in deadLetter, then start the job again.',
    cause
  })
}

function stopReason(error: unknown, of: PartitionOffset): StopReason {
  if (!(error instanceof MillraceError)) throw error
  const { code, message, next = 'Correct that, then start the job again.' } = error
  return { code, message, next, place: { cluster: 'target', ...of } }
}

function stopped(failure: DeliveryFailure, stop: StopReason): Settlement {
  return undelivered({ ...failure, stop })
}

/** It is read and sent again. */
function again({ code, name, offset, count }: DeliveryFailure): Settlement {
  return undelivered({ code, name, offset, count, kind: 'blocked' })
}
