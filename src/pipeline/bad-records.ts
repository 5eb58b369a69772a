import type { BatchProducer, ClientEvent, SendTarget } from '../client/types.ts'
import type { AuditEntry, BadRecordPolicy } from '../model/audit-entry.ts'
import type { BatchPayload } from '../model/batch.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { RecordLimits } from '../model/record-limits.ts'
import type { DeliveryFailure, Settlement } from '../model/settlement.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import { RefusedRecords } from '../sink/refused-records.ts'
import { SuspectsAlone } from '../sink/suspects-alone.ts'
import type { MirrorEvent } from '../telemetry/events.ts'
import { ProducerAside } from './producer-aside.ts'
import { TargetLimits } from './target-limits.ts'
import { tellSeldom } from './tell-seldom.ts'
import type { PreparedPartition } from './types.ts'

/** What a worker is told about records that the target refuses. */
export interface BadRecordRules {
  readonly job: string
  readonly policyOf: (topic: string) => BadRecordPolicy
  readonly deadLetter: { readonly topic: string } | { readonly file: string }
  /** `batch.size` of producers as planned. */
  readonly batchBytes?: number | undefined
  readonly audit: (entries: readonly AuditEntry[]) => Promise<void>
  /** The limits of target topics as they are now. */
  readonly limitsOf: (topics: readonly string[]) => Promise<ReadonlyMap<string, RecordLimits>>
  /** A producer that goes on behind a refused record. */
  readonly createAside: () => Promise<BatchProducer>
}

export interface BadRecordsOptions {
  readonly rules: BadRecordRules
  /** As `send` of the producer in use. */
  readonly send: (payload: BatchPayload, target: SendTarget) => Promise<Settlement>
  readonly refreshTimeoutMs: number
  readonly onEvent: (event: MirrorEvent) => void
  readonly onClientEvent: (event: ClientEvent) => void
  readonly onFailed: (error: unknown) => void
}

/** What goes on is told again after this long: refusals of one partition for one reason, a target that does not answer. */
const TELL_AGAIN_MS = 60_000

/**
 * Everything about records that the target refuses: what it takes, which records may be refused, what becomes of those
 * that are.
 */
export class BadRecords {
  readonly #options: BadRecordsOptions
  readonly #limits: TargetLimits
  readonly #aside: ProducerAside
  readonly #suspects: SuspectsAlone
  readonly #tell = tellSeldom(TELL_AGAIN_MS)

  constructor(options: BadRecordsOptions) {
    this.#options = options
    const { rules, onEvent } = options
    this.#limits = new TargetLimits({ batchBytes: rules.batchBytes, ask: rules.limitsOf })
    this.#aside = new ProducerAside({
      create: rules.createAside,
      refreshTimeoutMs: options.refreshTimeoutMs,
      onEvent: options.onClientEvent,
      onWaiting: (message) => {
        if (this.#tell(message)) onEvent({ type: 'waiting', message })
      },
      onGivenUp: options.onFailed
    })
    const refused = new RefusedRecords({
      ...rules,
      aside: this.#aside,
      onSetAside: (entry) => this.#setAside(entry),
      onRefused: (topic, refusal) => this.#limits.learn(topic, refusal)
    })
    this.#suspects = new SuspectsAlone({
      send: options.send,
      sendAlone: async (record, source, target) => await refused.sendAlone(record, source, target),
      limitsOf: (topic) => this.#limits.of(topic)
    })
  }

  /** As `BatchProducer.send`: what may be refused goes alone. */
  send(payload: BatchPayload, source: TopicPartition, target: SendTarget): Promise<Settlement> {
    return this.#suspects.send(payload, source, target)
  }

  /** Records were delivered with another timestamp: they are settled only when the audit trail says so. */
  async altered(source: TopicPartition, target: TopicPartition, result: Settlement): Promise<Settlement> {
    const time = new Date().toISOString()
    const entries = (result.alteredRanges ?? []).map(({ offset, count }): AuditEntry => {
      return {
        time,
        source: { topic: source.topic, partition: source.partition, offset },
        count,
        target: { topic: target.topic, partition: target.partition },
        reason: 'TIMESTAMP_NOT_WRITABLE',
        policy: 'altered'
      }
    })
    try {
      if (entries.length > 0) await this.#options.rules.audit(entries)
      return result
    } catch (error) {
      return { ...result, failure: notAudited(error, source, entries) }
    }
  }

  /** What the targets of these partitions take. */
  prepared(partitions: readonly PreparedPartition[]): void {
    for (const { target, limits } of partitions) if (limits !== undefined) this.#limits.note(target, limits)
  }

  /** Records were refused that nothing spoke against: when they come again, they go alone. */
  faulted(source: TopicPartition, target: string, failure: DeliveryFailure): void {
    if (this.#limits.refused(target, failure)) this.#suspects.suspect(source, failure.fault?.ranges ?? [])
  }

  unblock(source: TopicPartition): void {
    this.#suspects.unblock(source)
  }

  /** For a producer that is made now: how large its requests may be at most. */
  async batchBytes(): Promise<number> {
    await this.#limits.refresh()
    return this.#limits.batchBytes
  }

  async close(): Promise<void> {
    await this.#aside.close()
  }

  #setAside(entry: AuditEntry): void {
    const { source, reason } = entry
    if (this.#tell(`${source.topic}-${source.partition} ${reason}`))
      this.#options.onEvent({ type: 'bad-record', entry })
  }
}

function notAudited(error: unknown, source: TopicPartition, entries: readonly AuditEntry[]): DeliveryFailure {
  const offset = entries[0]?.source.offset ?? 0
  const failure = { code: 0, name: 'NOT_AUDITED', offset, count: entries.reduce((sum, { count }) => sum + count, 0) }
  if (!(error instanceof MillraceError)) throw error
  if (error.kind === 'retry') return { ...failure, kind: 'blocked' }
  const { code, next = 'Correct that, then start the job again.' } = error
  const { topic, partition } = source
  const place = { cluster: 'source', topic, partition, offset } as const
  return { ...failure, kind: 'refused', stop: { code, message: error.message, next, place } }
}

/** Without rules: the partition stops, as nobody said anything else. */
export function stopAtBadRecords(createProducer: () => Promise<BatchProducer>): BadRecordRules {
  return {
    job: '',
    policyOf: () => 'stop',
    deadLetter: { topic: '' },
    audit: async () => undefined,
    limitsOf: async () => new Map(),
    createAside: createProducer
  }
}
