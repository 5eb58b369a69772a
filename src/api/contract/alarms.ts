import type { SecretInput, SecretView } from './connections.ts'
import type { JobLifecycleState } from './jobs.ts'

export type AlarmSubject =
  | 'state'
  | 'lagRecords'
  | 'lagSeconds'
  | 'latencyP99Ms'
  | 'recordsPerSecond'
  | 'bytesPerSecond'
  /** Share of the time in which the target limits, 0 to 1. */
  | 'backPressure'
  /** In the last five minutes. */
  | 'badRecords'
  | 'certificateDays'

export type Severity = 'warning' | 'critical'

export interface AlarmRuleInput {
  readonly title: string
  /** Names of jobs; empty = all. */
  readonly jobs: readonly string[]
  readonly subject: AlarmSubject
  readonly condition:
    | { readonly is: 'above' | 'below'; readonly value: number }
    | { readonly is: 'one of'; readonly states: readonly JobLifecycleState[] }
  /** How long it must hold. */
  readonly forSeconds: number
  readonly severity: Severity
  /** Names of channels. */
  readonly notify: readonly string[]
  readonly enabled: boolean
}

export interface AlarmRule extends AlarmRuleInput {
  readonly id: string
  readonly revision: number
  readonly firing: number
}

export interface Alarm {
  readonly id: number
  readonly rule: string
  readonly title: string
  readonly job: string
  readonly severity: Severity
  readonly state: 'pending' | 'firing' | 'resolved'
  readonly since: number
  readonly firedAt: number | null
  readonly resolvedAt: number | null
  readonly text: string
  readonly notifications: readonly Notification[]
}

export interface Notification {
  readonly at: number
  readonly channel: string
  readonly ok: boolean
  readonly attempts: number
  readonly detail: string
}

export type ChannelInput =
  | { readonly kind: 'webhook'; readonly url: string; readonly secret?: SecretInput }
  | {
      readonly kind: 'email'
      readonly host: string
      readonly port: number
      readonly tls: 'none' | 'starttls' | 'tls'
      readonly username?: string
      readonly password?: SecretInput
      readonly from: string
      readonly to: readonly string[]
    }

export type Channel = { readonly name: string; readonly revision: number } & (
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: SecretView | null }
  | {
      readonly kind: 'email'
      readonly host: string
      readonly port: number
      readonly tls: 'none' | 'starttls' | 'tls'
      readonly username: string | null
      readonly password: SecretView | null
      readonly from: string
      readonly to: readonly string[]
    }
)
