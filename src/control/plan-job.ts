import type { TargetNameRules } from '../mapping/target-name.ts'
import type { SelectionRules } from '../mapping/topic-selection.ts'
import type { BadRecordPolicy } from '../model/audit-entry.ts'
import type { LossPolicy } from '../model/loss.ts'
import type { PartitionPolicy } from '../model/policies.ts'

/*
 * What control reads of a job's configuration, part by part. Whoever has a whole configuration passes it as it is.
 */

export type StartRule =
  | { readonly from: 'earliest' | 'latest' | 'committed' }
  /** Milliseconds since 1970. */
  | { readonly from: 'timestamp'; readonly time: number }
  /** Partitions that are not listed start at their first record. */
  | { readonly from: 'offsets'; readonly offsets: Readonly<Record<string, Readonly<Record<number, number>>>> }

export type StopRule =
  | { readonly at: 'never' | 'end' }
  /** Milliseconds since 1970. */
  | { readonly at: 'time'; readonly time: number }

/** What an existing target topic may do to the copied records. */
export type AcceptedHarm = 'delete' | 'restamp' | 'reject'

export interface CreateRules {
  readonly partitions: 'auto' | 'source' | number
  /** -1 = the broker's default. */
  readonly replicationFactor: number
  readonly grow: boolean
  readonly configs: Readonly<Record<string, string>>
}

export interface TopicRules extends SelectionRules, TargetNameRules {
  readonly create: CreateRules
  readonly settings: Readonly<Record<string, { readonly onLoss?: LossPolicy; readonly onBadRecord?: BadRecordPolicy }>>
}

export interface PlanJob {
  readonly name: string
  readonly source: {
    readonly groupId: string
    readonly properties: Readonly<Record<string, string | number | boolean>>
  }
  readonly target: { readonly accept: readonly AcceptedHarm[] }
  readonly topics: TopicRules
  /** Absent = stop. */
  readonly onBadRecord?: BadRecordPolicy
  /** Absent = nowhere. */
  readonly deadLetter?: { readonly topic: string } | { readonly file: string }
  readonly partitions: PartitionPolicy
  readonly start: StartRule
  readonly stop: StopRule
  /** Where a topic has no setting of its own; default: stop. */
  readonly onLoss?: LossPolicy
  /** In bytes. */
  readonly limits: { readonly memory: number }
  readonly workers: 'auto' | number
}
