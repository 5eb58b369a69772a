import { checkName } from '../../model/check-name.ts'
import type {
  ClusterTopic,
  Connection,
  ConnectionInput,
  ConnectionTest,
  Page,
  SecretInput
} from '../../api/contract.ts'
import type { ConnectionSettings } from '../../config/assign-connections.ts'
import { audited } from '../audited.ts'
import { checkPrecondition, pageOf } from '../page.ts'
import type { ClusterQuestions, LiteralSecrets } from '../process/cluster-questions.ts'
import { testView } from '../process/test-view.ts'
import type { AuditLog } from '../record/records.ts'
import { Serial } from '../serial.ts'
import { badRequest, conflict, notFound } from '../service-errors.ts'
import type { Actor, ConnectionsPort, PageRequest, Precondition } from '../service-port.ts'
import type { SecretStore } from '../store/secret-store.ts'
import type { StoredConnection, StoredSecret, StoredSecurity } from './connection-file.ts'
import { type ConnectionUse, connectionView } from './connection-view.ts'
import { clusterOf, readConnectionInput, settingsToCheck } from './connection-input.ts'
import { secretOwner, type StoredConnections } from './stored-connections.ts'

export interface ConnectionsOptions {
  readonly stored: StoredConnections
  readonly secrets: SecretStore
  readonly clusters: ClusterQuestions
  readonly audit: AuditLog
  readonly uses: () => readonly ConnectionUse[]
  /** What relative paths of certificates are relative to. */
  readonly cwd: string
  readonly now: () => number
  /** Jobs show connections. */
  readonly onChange: (name: string) => void
}

/** How long a list of topics may be old: for its pages and for searching in it. */
const TOPICS_FRESH_MS = 10_000

/**
 * The connections as the service offers them.
 *
 * Invariant: changes come one after the other. A secret that was given is in a file before its connection refers to it,
 * and is never given out again.
 */
export class ServiceConnections implements ConnectionsPort {
  readonly #options: ConnectionsOptions
  readonly #serial = new Serial()
  readonly #topics = new Map<string, { readonly at: number; readonly topics: Promise<readonly ClusterTopic[]> }>()

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  /** Of all, from memory. */
  get views(): readonly Connection[] {
    const uses = this.#options.uses()
    return this.#options.stored.all.map((one) => this.#view(one, uses))
  }

  async list(): Promise<readonly Connection[]> {
    return await Promise.resolve(this.views)
  }

  async get(name: string): Promise<Connection> {
    return await Promise.resolve(this.#view(this.#find(name)))
  }

  async put(name: string, input: ConnectionInput, on: Precondition, actor: Actor): Promise<Connection> {
    const deed = { action: 'connection.put', subject: `connection ${name}` }
    return await this.#serial.run(
      async () => await audited(this.#options.audit, actor, deed, async () => await this.#put(name, input, on, actor))
    )
  }

  async delete(name: string, on: Precondition, actor: Actor): Promise<void> {
    const { stored, secrets, audit, uses, onChange } = this.#options
    const deed = { action: 'connection.delete', subject: `connection ${name}` }
    const remove = async (): Promise<void> => {
      const found = this.#find(name)
      checkPrecondition(`connection ${name}`, found.revision, on)
      const jobs = [...new Set(uses().flatMap((use) => (use.connection === name ? [use.job] : [])))]
      if (jobs.length > 0) {
        const which = `job${jobs.length === 1 ? '' : 's'} ${jobs.join(', ')}`
        throw conflict(
          `Connection ${name} is used by ${which}.`,
          'Give these jobs another connection first, or delete them.'
        )
      }
      await stored.remove(name)
      await dropSecrets(found.security, undefined, secrets)
      onChange(name)
    }
    await this.#serial.run(async () => await audited(audit, actor, deed, remove))
  }

  async test(
    what: { readonly name?: string; readonly input?: ConnectionInput },
    actor: Actor
  ): Promise<ConnectionTest> {
    const { clusters, audit, stored, now, cwd, onChange } = this.#options
    const { name } = what
    const deed = { action: 'connection.test', subject: `connection ${name ?? '(not stored)'}` }
    return await audited(audit, actor, deed, async () => {
      const known = name === undefined ? undefined : what.input === undefined ? this.#find(name) : stored.get(name)
      if (what.input === undefined) {
        if (known === undefined) throw badRequest('Neither a connection nor its name was sent.', 'Send one of them.')
        const result = testView(await clusters.test(clusterOf(this.#settings(known), cwd), {}))
        await this.#remember(known.name, { at: now(), ok: result.ok })
        onChange(known.name)
        return result
      }
      const { settings, literal } = this.#unstored(readConnectionInput(what.input), known)
      return testView(await clusters.test(clusterOf(settings, cwd), literal))
    })
  }

  async topics(
    name: string,
    request: PageRequest & { readonly search?: string; readonly internal?: boolean }
  ): Promise<Page<ClusterTopic>> {
    const { search = '', internal = false } = request
    const topics = await this.#topicsOf(this.#find(name))
    const shown = topics.filter((topic) => (internal || !topic.internal) && topic.name.includes(search))
    return pageOf(shown, request, (topic) => topic.name)
  }

  async #put(name: string, given: ConnectionInput, on: Precondition, actor: Actor): Promise<Connection> {
    const { stored, secrets, now, cwd, onChange } = this.#options
    const wrong = checkName(name)
    if (wrong !== undefined) throw badRequest(`The name of a connection ${wrong.problem}.`, 'Choose another name.')
    const input = readConnectionInput(given)
    const before = stored.get(name)
    checkPrecondition(`connection ${name}`, before?.revision, on)
    clusterOf(settingsToCheck(input), cwd)
    const at = now()
    const made: string[] = []
    const keep = async (given: SecretInput | undefined, kept: StoredSecret | null): Promise<StoredSecret | null> => {
      if (given === undefined) return null
      if ('reference' in given) return { file: null, reference: checkedReference(given.reference), changedAt: at }
      if ('keep' in given) return keptSecret(kept, input, before)
      if (given.set === '') throw badRequest('A secret is empty.', 'Send the secret, or leave it out.')
      const file = await secrets.keep(secretOwner(name), given.set)
      made.push(file)
      return { file, reference: null, changedAt: at }
    }
    try {
      const security: NonNullable<ConnectionInput['security']> = input.security ?? { protocol: 'PLAINTEXT' }
      const connection: StoredConnection = {
        name,
        revision: (before?.revision ?? 0) + 1,
        createdAt: before?.createdAt ?? at,
        changedAt: at,
        changedBy: actor.who,
        note: input.note ?? '',
        bootstrapServers: input.bootstrapServers,
        security: {
          protocol: security.protocol,
          mechanism: security.mechanism ?? null,
          username: security.username ?? null,
          caFile: security.caFile ?? null,
          certificateFile: security.certificateFile ?? null,
          keyFile: security.keyFile ?? null,
          verifyHostname: security.verifyHostname ?? null,
          password: await keep(security.password, before?.security.password ?? null),
          keyPassword: await keep(security.keyPassword, before?.security.keyPassword ?? null)
        },
        properties: input.properties ?? {},
        lastTest: null
      }
      if (before !== undefined && isSame(before, connection)) return this.#view(before)
      await stored.save(connection)
      if (before !== undefined) await dropSecrets(before.security, connection.security, secrets)
      onChange(name)
      return this.#view(connection)
    } catch (error) {
      // Nothing refers to them; what can't be removed now is removed when the service starts.
      for (const file of made) await secrets.drop(file).catch(() => undefined)
      throw error
    }
  }

  /** A test is worth telling, and no change: it is not refused because the disk is full. */
  async #remember(name: string, lastTest: { readonly at: number; readonly ok: boolean }): Promise<void> {
    const { stored } = this.#options
    await this.#serial.run(async () => {
      const now = stored.get(name)
      if (now !== undefined) await stored.save({ ...now, lastTest }).catch(() => undefined)
    })
  }

  #unstored(
    input: ConnectionInput,
    known: StoredConnection | undefined
  ): { settings: ConnectionSettings; literal: LiteralSecrets } {
    const literal: { password?: string; keyPassword?: string } = {}
    const secretsOf = (name: 'password' | 'keyPassword'): object => {
      const given = input.security?.[name]
      if (given === undefined) return {}
      if ('set' in given) {
        literal[name] = given.set
        return {}
      }
      if ('reference' in given) return { [name]: given.reference }
      keptSecret(known?.security[name] ?? null, input, known)
      return known === undefined ? {} : { [name]: this.#settings(known).security[name] }
    }
    const checked = settingsToCheck(input)
    const replaced = { ...secretsOf('password'), ...secretsOf('keyPassword') }
    return { settings: { ...checked, security: { ...checked.security, ...replaced } }, literal }
  }

  #topicsOf(connection: StoredConnection): Promise<readonly ClusterTopic[]> {
    const { clusters, now, cwd } = this.#options
    const key = `${connection.name}@${connection.revision}`
    const known = this.#topics.get(key)
    if (known !== undefined && now() - known.at < TOPICS_FRESH_MS) return known.topics
    for (const [old, { at }] of this.#topics) if (now() - at >= TOPICS_FRESH_MS) this.#topics.delete(old)
    const topics = clusters.topics(clusterOf(this.#settings(connection), cwd))
    this.#topics.set(key, { at: now(), topics })
    topics.catch(() => this.#topics.delete(key))
    return topics
  }

  #settings(connection: StoredConnection): ConnectionSettings {
    const settings = this.#options.stored.settings(connection.name)
    if (settings === undefined) throw notFound(`connection ${connection.name}`)
    return settings
  }

  #find(name: string): StoredConnection {
    const found = this.#options.stored.get(name)
    if (found === undefined) throw notFound(`connection ${name}`)
    return found
  }

  #view(connection: StoredConnection, uses = this.#options.uses()): Connection {
    const { secrets } = this.#options
    return connectionView(connection, uses, (file) => secrets.fingerprint(secrets.read(file)))
  }
}

/** Secrets of one that is gone, or that another one does not have any more. Leftovers go when the service starts. */
async function dropSecrets(
  { password, keyPassword }: StoredSecurity,
  now: StoredSecurity | undefined,
  secrets: SecretStore
): Promise<void> {
  const kept = [now?.password?.file, now?.keyPassword?.file]
  for (const file of [password?.file, keyPassword?.file]) {
    if (typeof file === 'string' && !kept.includes(file)) await secrets.drop(file).catch(() => undefined)
  }
}

function checkedReference(reference: string): string {
  if (/^\$\{(?:file|env):[^}]+\}$/.test(reference)) return reference
  throw badRequest('A reference to a secret is none.', 'Write ${file:PATH} or ${env:NAME}, or send the secret itself.')
}

/** A secret that is stored here goes only to where it was meant for: who changes that has to know it. */
function keptSecret(
  kept: StoredSecret | null,
  input: ConnectionInput,
  before: StoredConnection | undefined
): StoredSecret {
  if (kept === null) {
    throw badRequest('A secret is to be kept, and there is none yet.', 'Send the secret, or a reference to it.')
  }
  const isSameServer =
    input.bootstrapServers === before?.bootstrapServers && input.security?.protocol === before.security.protocol
  if (kept.file === null || isSameServer) return kept
  throw badRequest(
    'A stored secret is not sent to another address, or by another protocol, than it was stored for.',
    'Send the secret again.'
  )
}

/** PUT is idempotent: what changes nothing makes no revision. A secret that is sent anew is a change. */
function isSame(before: StoredConnection, after: StoredConnection): boolean {
  const plain = ({ note, bootstrapServers, security, properties }: StoredConnection): string => {
    const secretOf = (secret: StoredSecret | null) => (secret === null ? null : (secret.file ?? secret.reference))
    const secrets = [secretOf(security.password), secretOf(security.keyPassword)]
    const { password: _password, keyPassword: _keyPassword, ...rest } = security
    return JSON.stringify([note, bootstrapServers, rest, secrets, properties])
  }
  return plain(before) === plain(after)
}
