import type { Connection, SecretView } from '../../api/contract.ts'
import { certificateExpiry } from './certificate-expiry.ts'
import type { StoredConnection, StoredSecret, StoredSecurity } from './connection-file.ts'

/** A job that names a connection. */
export interface ConnectionUse {
  readonly job: string
  readonly side: 'source' | 'target'
  readonly connection: string
  readonly running: boolean
  /** With which it runs, or null. */
  readonly runningRevision: number | null
}

/** A connection as it is shown: of a secret only the fingerprint, or where it is kept elsewhere. */
export function connectionView(
  connection: StoredConnection,
  uses: readonly ConnectionUse[],
  fingerprintOf: (file: string) => string
): Connection {
  const { name, revision, bootstrapServers, properties, note, createdAt, changedAt, lastTest } = connection
  const own = uses.filter((use) => use.connection === name)
  const stale = own.filter(({ running, runningRevision }) => running && runningRevision !== revision)
  const { certificateFile } = connection.security
  return {
    name,
    revision,
    bootstrapServers,
    security: securityView(connection.security, fingerprintOf),
    properties,
    note,
    createdAt,
    changedAt,
    usedBy: own.map(({ job, side, running }) => ({ job, side, running })),
    restartNeeded: [...new Set(stale.map(({ job }) => job))],
    lastTest,
    certificateExpiresAt: certificateFile === null ? null : certificateExpiry(certificateFile)
  }
}

function securityView(
  { password, keyPassword, ...plain }: StoredSecurity,
  fingerprintOf: (file: string) => string
): Connection['security'] {
  const view = ({ file, reference, changedAt }: StoredSecret): SecretView => ({
    fingerprint: file === null ? null : fingerprintOf(file),
    reference,
    changedAt
  })
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== null))
  return {
    ...(given as unknown as Connection['security']),
    ...(password !== null && { password: view(password) }),
    ...(keyPassword !== null && { keyPassword: view(keyPassword) })
  }
}
