import type { Reason } from './problem.ts'

export type Role = 'read' | 'operate' | 'admin'

export interface Health {
  readonly status: 'ok' | 'degraded'
  readonly version: string
  /** Such as a full disk: what the service can't do at the moment. */
  readonly reasons: readonly Reason[]
}

export interface Session {
  readonly principal: string
  readonly role: Role
  /** Sent back in `X-CSRF-Token` by every request with an effect that is authenticated by the cookie. */
  readonly csrfToken: string
}

export interface ServiceSettings {
  readonly version: string
  readonly startedAt: number
  readonly dataDirectory: string
  readonly listen: string
  readonly tls: boolean
  /** Clusters inside this process: what they can't do is disabled with this reason. */
  readonly demo: { readonly limits: string } | null
  readonly tokens: readonly { readonly name: string; readonly role: Role; readonly fingerprint: string }[]
}

/** Who did what: one line of the audit log. */
export interface AuditLogEntry {
  readonly id: number
  readonly at: number
  readonly who: string
  /** Such as `job.start`. */
  readonly action: string
  /** Such as `job orders-to-dr`. */
  readonly subject: string
  readonly detail: string
  readonly outcome: 'done' | 'refused'
}
