/** A secret is written, never read: what comes back is its fingerprint. */
export type SecretInput =
  | { readonly set: string }
  /** `${file:…}` or `${env:…}`. */
  | { readonly reference: string }
  | { readonly keep: true }

export interface SecretView {
  /** The first 8 hexadecimal digits of a keyed hash: equal secrets of one service look alike, nothing else is said. */
  readonly fingerprint: string | null
  /** As given, when the secret is kept elsewhere. */
  readonly reference: string | null
  readonly changedAt: number | null
}

interface SecurityCommon {
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
  readonly mechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username?: string
  /** PEM files on the machine of the service. */
  readonly caFile?: string
  readonly certificateFile?: string
  readonly keyFile?: string
  readonly verifyHostname?: boolean
}

export interface ConnectionInput {
  readonly bootstrapServers: string
  readonly security?: SecurityCommon & { readonly password?: SecretInput; readonly keyPassword?: SecretInput }
  readonly properties?: Readonly<Record<string, string | number | boolean>>
  readonly note?: string
}

export interface Connection {
  readonly name: string
  readonly revision: number
  readonly bootstrapServers: string
  readonly security: SecurityCommon & { readonly password?: SecretView; readonly keyPassword?: SecretView }
  readonly properties: Readonly<Record<string, string | number | boolean>>
  readonly note: string
  readonly createdAt: number
  readonly changedAt: number
  readonly usedBy: readonly { readonly job: string; readonly side: 'source' | 'target'; readonly running: boolean }[]
  /** Jobs that run with an older revision: the change takes effect when they are restarted. */
  readonly restartNeeded: readonly string[]
  readonly lastTest: { readonly at: number; readonly ok: boolean } | null
  /** Of the client certificate, if there is one. */
  readonly certificateExpiresAt: number | null
}

export interface ConnectionStage {
  readonly stage: 'dns' | 'tcp' | 'protocol' | 'metadata' | 'group coordinator'
  readonly ok: boolean
  readonly detail: string
  readonly next: string | null
  readonly code: string | null
  readonly milliseconds: number
}

export interface ConnectionTest {
  readonly ok: boolean
  readonly stages: readonly ConnectionStage[]
}

export interface ClusterTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  /** Between first and end offset: an upper bound, holes count too. */
  readonly records: number | null
  readonly internal: boolean
}
