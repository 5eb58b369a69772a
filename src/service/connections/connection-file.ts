import type { ConnectionSettings } from '../../config/assign-connections.ts'
import type { ScalarValue } from '../../config/option.ts'
import { flag, map, nullable, number, record, type Shape, text, whole, word } from '../shape.ts'

/** A secret as a connection's file has it: a file of the service's own, or a reference to somewhere else. */
export type StoredSecret = { readonly changedAt: number } & (
  { readonly file: string; readonly reference: null } | { readonly file: null; readonly reference: string }
)

/** `connections/NAME.yaml`. */
export interface StoredConnection {
  readonly name: string
  readonly revision: number
  readonly createdAt: number
  readonly changedAt: number
  readonly changedBy: string
  readonly note: string
  readonly bootstrapServers: string
  readonly security: StoredSecurity
  readonly properties: Readonly<Record<string, ScalarValue>>
  readonly lastTest: { readonly at: number; readonly ok: boolean } | null
}

export interface StoredSecurity {
  readonly protocol: Protocol
  readonly mechanism: Mechanism | null
  readonly username: string | null
  readonly caFile: string | null
  readonly certificateFile: string | null
  readonly keyFile: string | null
  readonly verifyHostname: boolean | null
  readonly password: StoredSecret | null
  readonly keyPassword: StoredSecret | null
}

type Protocol = (typeof PROTOCOLS)[number]
type Mechanism = (typeof MECHANISMS)[number]

export const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const
export const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

const secret: Shape<StoredSecret> = (value): value is StoredSecret =>
  record({ changedAt: number, file: text, reference: isNull })(value) ||
  record({ changedAt: number, file: isNull, reference: text })(value)

function isNull(value: unknown): value is null {
  return value === null
}

const scalar: Shape<ScalarValue> = (value): value is ScalarValue => text(value) || flag(value) || number(value)

export const storedConnection: Shape<StoredConnection> = record({
  name: text,
  revision: whole,
  createdAt: number,
  changedAt: number,
  changedBy: text,
  note: text,
  bootstrapServers: text,
  security: record({
    protocol: word(...PROTOCOLS),
    mechanism: nullable(word(...MECHANISMS)),
    username: nullable(text),
    caFile: nullable(text),
    certificateFile: nullable(text),
    keyFile: nullable(text),
    verifyHostname: nullable(flag),
    password: nullable(secret),
    keyPassword: nullable(secret)
  }),
  properties: map(scalar),
  lastTest: nullable(record({ at: number, ok: flag }))
})

/** What it stands for in a job. `pathOf`: where a secret's file is. */
export function settingsOf(connection: StoredConnection, pathOf: (file: string) => string): ConnectionSettings {
  const { bootstrapServers, security, properties } = connection
  const referenceOf = (kept: StoredSecret | null): string | null =>
    kept === null ? null : (kept.reference ?? `\${file:${pathOf(kept.file)}}`)
  const all = {
    ...security,
    password: referenceOf(security.password),
    keyPassword: referenceOf(security.keyPassword)
  }
  const given = Object.entries(all).filter((entry): entry is [string, string | boolean] => entry[1] !== null)
  return { bootstrapServers, security: Object.fromEntries(given), properties }
}
