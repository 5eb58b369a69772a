import { readFileSync } from 'node:fs'
import { createAdmin, probeConnection } from '../client/create-clients.ts'
import type { ClusterAdmin, ClusterSettings, ConnectionProbe } from '../client/types.ts'
import type { ClusterConfig, JobConfig } from '../config/job-config.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { StateDir } from './state/state-dir.ts'

type Side = 'source' | 'target'

/** Replaces the references in a cluster's configuration by the secrets. Called just before a client is made. */
export type SecretResolver = <T extends ClusterConfig>(side: Side, cluster: T) => T

export interface Clusters {
  readonly source: ClusterAdmin
  readonly target: ClusterAdmin
  readonly settings: { readonly source: ClusterSettings; readonly target: ClusterSettings }
  close(): Promise<void>
}

export interface ConnectClustersOptions {
  readonly config: JobConfig
  readonly resolveSecrets: SecretResolver
  /** Undefined for a plan, which leaves nothing behind: then a refusal is not remembered. */
  readonly state: StateDir | undefined
  readonly retryAuthentication: boolean
  readonly signal?: AbortSignal
}

export function clusterSettings(config: JobConfig, side: Side, resolveSecrets: SecretResolver): ClusterSettings {
  const { bootstrapServers, security, properties } = resolveSecrets<ClusterConfig>(side, config[side])
  return { cluster: side, bootstrapServers, security, properties, clientId: `millrace-${config.name}` }
}

/**
 * Reaches both clusters: one client, one authentication attempt each, before anything else. A refusal of the
 * credentials is remembered: until they change, no further attempt is made unless somebody asks for it.
 */
export async function connectClusters(options: ConnectClustersOptions): Promise<Clusters> {
  const { config, resolveSecrets, signal } = options
  const settings = {
    source: clusterSettings(config, 'source', resolveSecrets),
    target: clusterSettings(config, 'target', resolveSecrets)
  }
  const connect = signal === undefined ? {} : { signal }
  for (const side of ['source', 'target'] as const) await probe(settings[side], options)
  await options.state?.forgetRefusal()
  // Both at once: each waits for its cluster about as long as the other. Whoever fails, nobody is left connected.
  const [source, target] = await Promise.allSettled([
    createAdmin({ ...settings.source, groupId: config.source.groupId }, connect),
    createAdmin(settings.target, connect)
  ])
  if (source.status === 'fulfilled' && target.status === 'fulfilled') {
    const close = async (): Promise<void> => {
      await Promise.all([source.value.close(), target.value.close()])
    }
    return { source: source.value, target: target.value, settings, close }
  }
  for (const side of [source, target]) if (side.status === 'fulfilled') await side.value.close()
  throw source.status === 'rejected' ? source.reason : (target as PromiseRejectedResult).reason
}

async function probe(settings: ClusterSettings, options: ConnectClustersOptions): Promise<ConnectionProbe> {
  const { state, retryAuthentication, signal } = options
  const { cluster } = settings
  const fingerprint = state === undefined ? undefined : credentialsFingerprint(settings, state)
  const refused = state?.refused
  if (refused?.cluster === cluster && refused.fingerprint === fingerprint && !retryAuthentication) {
    throw new MillraceError({
      code: 'MR_AUTHENTICATION_OPEN',
      kind: 'authentication',
      message: `The ${cluster} cluster refused these credentials before, and they have not changed: ${refused.text}`,
      next: 'Correct them, or ask for one more attempt with --retry-authentication.',
      place: { cluster }
    })
  }
  try {
    return await probeConnection(settings, signal === undefined ? {} : { signal })
  } catch (error) {
    if (isAuthentication(error) && state !== undefined) await rememberRefusal(settings, state, error.message)
    throw error
  }
}

/** Keeps in mind that these credentials were refused. */
export async function rememberRefusal(settings: ClusterSettings, state: StateDir, text: string): Promise<void> {
  await state.refuse({ cluster: settings.cluster, fingerprint: credentialsFingerprint(settings, state), text })
}

export function isAuthentication(error: unknown): error is MillraceError {
  return error instanceof MillraceError && error.kind === 'authentication'
}

/** Everything that the broker judges: a change of any of it is a reason for another attempt. */
function credentialsFingerprint({ bootstrapServers, security, properties }: ClusterSettings, state: StateDir): string {
  const logins = Object.entries(properties)
    .filter(([name]) => /^(?:sasl|ssl|security)\./.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
  const { protocol, mechanism, username, password, certificateFile, keyFile, keyPassword } = security
  // A certificate may be renewed in place.
  const files = [certificateFile, keyFile].map((file) => (file === undefined ? undefined : contentOf(file)))
  return state.fingerprint([
    bootstrapServers,
    protocol,
    mechanism,
    username,
    password,
    keyPassword,
    ...files,
    ...logins
  ])
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'base64')
  } catch {
    // The client says what is wrong with it.
    return file
  }
}
