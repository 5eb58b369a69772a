import type { ClusterConfig, JobConfig } from './job-config.ts'
import { secretReferences } from './secret-references.ts'

const REDACTED = '[redacted]'

/** Properties of login that are no secrets; everything else that begins with `sasl.` is taken for one. */
const publicLoginProperties = new Set([
  'sasl.mechanisms',
  'sasl.kerberos.service.name',
  'sasl.kerberos.principal',
  'sasl.kerberos.keytab',
  'sasl.kerberos.min.time.before.relogin',
  'sasl.oauthbearer.method',
  'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.grant.type',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.metadata.authentication.type'
])

/** The configuration as it may be shown and stored: references stay, what is or looks like a secret is redacted. */
export function showConfig(config: JobConfig): JobConfig {
  return {
    ...config,
    source: redactCluster(config.source),
    target: redactCluster(config.target),
    otlp: redactOtlp(config.otlp)
  }
}

function redactOtlp(otlp: JobConfig['otlp']): JobConfig['otlp'] {
  const headers = Object.entries(otlp.headers).map(([name, value]) => [name, isReference(value) ? value : REDACTED])
  const { endpoint } = otlp
  return {
    ...otlp,
    ...(endpoint !== undefined && { endpoint: withoutCredentials(endpoint) }),
    headers: Object.fromEntries(headers)
  }
}

function redactCluster<T extends ClusterConfig>(cluster: T): T {
  const redactAll = <V extends object>(values: V): V => {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, redact(name, value)])) as V
  }
  return { ...cluster, security: redactAll(cluster.security), properties: redactAll(cluster.properties) }
}

function redact(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (isSecret(name)) return isReference(value) ? value : REDACTED
  return withoutCredentials(value)
}

/** https://user:password@host, and what else comes before an @ of a URL. */
function withoutCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi, `$1${REDACTED}@`)
}

/** Whether a property of a client, or an option of security, is one that nobody should see. */
export function isSecret(name: string): boolean {
  if (name.startsWith('sasl.')) return !publicLoginProperties.has(name)
  return /password|passphrase|secret|token|credential|\bkey\.pem$/i.test(name)
}

/** The whole text is one reference; beside one there could be a literal part. */
export function isReference(value: string): boolean {
  return secretReferences(value).some(({ text }) => text === value.trim())
}
