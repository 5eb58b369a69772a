import type { ConnectionTest } from './connections.ts'
import type { ClusterView, LogLevel } from './jobs.ts'
import type { ConfigProblem } from './problem.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonMap
export interface JsonMap {
  readonly [key: string]: JsonValue
}

export interface Validation {
  readonly ok: boolean
  readonly problems: readonly ConfigProblem[]
  /** What was written, as JSON in one spelling: what a form is filled with. null = it is no YAML map. */
  readonly given: JsonMap | null
}

export interface PlanFinding {
  readonly code: string
  readonly message: string
  readonly next: string
  readonly topic?: string
  readonly partition?: number
}

export interface MappingRow {
  readonly source: string
  readonly target: string
  readonly sourcePartitions: number
  readonly targetPartitionsNow: number
  readonly targetPartitions: number
  readonly action: 'none' | 'create' | 'grow'
  readonly orderKept: boolean
  /** Several sources go to this target. */
  readonly shared: boolean
  readonly records: number
  /** The name was edited (`topics.overrides`). */
  readonly overridden: boolean
}

export interface PlanView {
  readonly at: number
  readonly ok: boolean
  readonly progress: 'fresh' | 'resume' | 'reset'
  readonly policy: 'same' | 'zero' | 'sticky'
  readonly mapping: readonly MappingRow[]
  readonly excluded: readonly string[]
  readonly records: number
  readonly deadLetterTopic: string | null
  readonly memory: Readonly<Record<string, number>>
  readonly refusals: readonly PlanFinding[]
  readonly warnings: readonly PlanFinding[]
  readonly source: ClusterView
  readonly target: ClusterView
}

export interface CheckView {
  readonly ok: boolean
  readonly source: ConnectionTest
  readonly target: ConnectionTest
}

/** Where a start begins. Anything but `committed` for a group that has commits resets it and needs `confirm`. */
export interface StartRequest {
  readonly from?: 'configured' | 'committed' | 'earliest' | 'latest' | 'timestamp' | 'offsets'
  /** For `timestamp`. */
  readonly time?: number
  readonly offsets?: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** The job's name: the group's commits may be reset. */
  readonly confirm?: string
}

export interface StartPreview {
  readonly progress: 'fresh' | 'resume' | 'reset'
  /** Commits of the group are overwritten: `confirm` is needed. */
  readonly resets: boolean
  readonly records: number
  /** Of these, already copied by the group: they come again. */
  readonly again: number
  /** In front of the start, so never copied; null = not known. */
  readonly skipped: number | null
  readonly sentence: string
  readonly refusals: readonly PlanFinding[]
  readonly warnings: readonly PlanFinding[]
}

export interface LiveChange {
  /** null = unlimited; absent = as it is. */
  readonly rate?: { readonly bytes?: number | null; readonly records?: number | null }
  readonly logLevel?: LogLevel
}

/** Without topic: the job; without partition: the topic. */
export interface PauseRequest {
  readonly topic?: string
  readonly partition?: number
}
