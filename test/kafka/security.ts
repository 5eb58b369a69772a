import { createCertificates, type Certificates } from './certificates.ts'

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

export interface User {
  readonly username: string
  readonly password: string
}

/** How the client listener is protected. `bootstrapServers` is that listener; `plainBootstrapServers` stays open for the checker. */
export interface SecurityOptions {
  readonly protocol: 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT'
  readonly mechanisms?: readonly SaslMechanism[]
  readonly users?: readonly User[]
  readonly clientAuth?: 'none' | 'requested' | 'required'
}

export interface Security {
  readonly certificates: Certificates | undefined
  readonly users: readonly User[]
  /** Server properties of the listener named CLIENT. */
  readonly properties: Record<string, string>
  /** Arguments of `StorageTool format` that put SCRAM users into the first metadata. */
  readonly formatArgs: readonly string[]
}

const DEFAULT_USERS: readonly User[] = [{ username: 'mirror', password: 'mirror-secret' }]
const LISTENER = 'listener.name.client'

export async function prepareSecurity(options: SecurityOptions, directory: string): Promise<Security> {
  const users = options.users ?? DEFAULT_USERS
  const sasl = options.protocol.startsWith('SASL')
  const mechanisms = sasl ? (options.mechanisms ?? ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) : []
  const certificates = options.protocol.endsWith('SSL') ? await createCertificates(directory) : undefined
  const properties: Record<string, string> = {}
  if (certificates) {
    properties[`${LISTENER}.ssl.keystore.type`] = 'PEM'
    properties[`${LISTENER}.ssl.keystore.location`] = certificates.serverKeyStore
    properties[`${LISTENER}.ssl.truststore.type`] = 'PEM'
    properties[`${LISTENER}.ssl.truststore.location`] = certificates.ca
    properties[`${LISTENER}.ssl.client.auth`] = options.clientAuth ?? 'none'
  }
  if (mechanisms.length > 0) properties[`${LISTENER}.sasl.enabled.mechanisms`] = mechanisms.join(',')
  for (const mechanism of mechanisms) {
    properties[`${LISTENER}.${mechanism.toLowerCase()}.sasl.jaas.config`] = jaas(mechanism, users)
  }
  const scram = mechanisms.filter((mechanism) => mechanism !== 'PLAIN')
  const formatArgs = scram.flatMap((mechanism) =>
    users.flatMap(({ username, password }) => ['--add-scram', `${mechanism}=[name=${username},password=${password}]`])
  )
  return { certificates, users, properties, formatArgs }
}

function jaas(mechanism: SaslMechanism, users: readonly User[]): string {
  if (mechanism !== 'PLAIN') return 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  const entries = users.map(({ username, password }) => `user_${username}="${password}"`).join(' ')
  return `org.apache.kafka.common.security.plain.PlainLoginModule required ${entries};`
}
