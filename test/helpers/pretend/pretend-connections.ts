import { createHash } from 'node:crypto'
import type {
  ClusterTopic,
  Connection,
  ConnectionInput,
  ConnectionTest,
  Page,
  SecretInput,
  SecretView
} from '../../../src/api/contract.ts'
import { topicPattern } from '../../../src/mapping/topic-pattern.ts'
import type { Actor, ConnectionsPort, PageRequest, Precondition } from '../../../src/service/service-port.ts'
import { CAST } from './pretend-cast.ts'
import { conflict, notFound, wrong } from './pretend-errors.ts'
import { checkPrecondition, contains, noise, pageOf } from './pretend-pages.ts'

type Stored = Omit<Connection, 'usedBy' | 'restartNeeded'>
export type Use = { readonly job: string; readonly side: 'source' | 'target'; readonly running: boolean }

const DAY = 86_400_000

export class PretendConnections implements ConnectionsPort {
  readonly #connections = new Map<string, Stored>()
  readonly #usedBy: (connection: string) => readonly Use[]
  readonly #done: (actor: Actor, action: string, subject: string, detail: string) => void

  constructor(
    usedBy: (connection: string) => readonly Use[],
    done: (actor: Actor, action: string, subject: string, detail: string) => void
  ) {
    this.#usedBy = usedBy
    this.#done = done
    const system = { protocol: 'SASL_SSL', mechanism: 'SCRAM-SHA-512', username: 'mirror', caFile: '/etc/kafka/ca.pem' }
    const password = secretView({ set: 'pretend' }, undefined)
    for (const [index, name] of [
      'production',
      'disaster-recovery',
      'analytics',
      'new-region',
      'archive',
      'edge'
    ].entries()) {
      const security =
        name === 'archive'
          ? ({ protocol: 'PLAINTEXT' } as const)
          : name === 'new-region'
            ? ({
                protocol: 'SSL',
                caFile: '/etc/kafka/ca.pem',
                certificateFile: '/etc/kafka/mirror.pem',
                keyFile: '/etc/kafka/mirror.key'
              } as const)
            : ({ ...system, password } as Connection['security'])
      this.#connections.set(name, {
        name,
        revision: 1 + (index % 3),
        bootstrapServers: [1, 2, 3].map((broker) => `${name}-${broker}.example:9093`).join(','),
        security,
        properties: name === 'analytics' ? { 'compression.type': 'zstd', 'linger.ms': 20 } : {},
        note: name === 'edge' ? 'Behind the VPN; slow.' : '',
        createdAt: Date.now() - (100 - index) * DAY,
        changedAt: Date.now() - (20 - index) * DAY,
        lastTest: name === 'archive' ? null : { at: Date.now() - index * 3_600_000, ok: name !== 'edge' },
        certificateExpiresAt: name === 'new-region' ? Date.now() + 9 * DAY : null
      })
    }
  }

  async list(): Promise<readonly Connection[]> {
    return [...this.#connections.keys()].sort().map((name) => this.view(name))
  }

  async get(name: string): Promise<Connection> {
    return this.view(name)
  }

  view(name: string): Connection {
    const stored = this.#stored(name)
    return { ...stored, usedBy: this.#usedBy(name), restartNeeded: [] }
  }

  async put(name: string, input: ConnectionInput, on: Precondition, actor: Actor): Promise<Connection> {
    const before = this.#connections.get(name)
    checkPrecondition(`connection ${name}`, before?.revision, on)
    const { password, keyPassword, ...security } = input.security ?? { protocol: 'PLAINTEXT' as const }
    const now = Date.now()
    this.#connections.set(name, {
      name,
      revision: (before?.revision ?? 0) + 1,
      bootstrapServers: input.bootstrapServers,
      security: {
        ...security,
        ...(password !== undefined && { password: secretView(password, before?.security.password) }),
        ...(keyPassword !== undefined && { keyPassword: secretView(keyPassword, before?.security.keyPassword) })
      },
      properties: input.properties ?? {},
      note: input.note ?? '',
      createdAt: before?.createdAt ?? now,
      changedAt: now,
      lastTest: null,
      certificateExpiresAt: null
    })
    this.#done(actor, 'connection.put', `connection ${name}`, before === undefined ? 'made' : 'changed')
    return this.view(name)
  }

  async delete(name: string, on: Precondition, actor: Actor): Promise<void> {
    const { revision } = this.#stored(name)
    checkPrecondition(`connection ${name}`, revision, on)
    const [use] = this.#usedBy(name)
    if (use !== undefined) throw conflict(`Job ${use.job} uses connection ${name}.`, 'Change or delete the job first.')
    this.#connections.delete(name)
    this.#done(actor, 'connection.delete', `connection ${name}`, '')
  }

  async test(
    what: { readonly name?: string; readonly input?: ConnectionInput },
    actor: Actor
  ): Promise<ConnectionTest> {
    const address = what.input?.bootstrapServers ?? this.#stored(what.name ?? '').bootstrapServers
    const result = testOf(address)
    const stored = what.input === undefined ? this.#connections.get(what.name ?? '') : undefined
    if (stored !== undefined) {
      this.#connections.set(stored.name, { ...stored, lastTest: { at: Date.now(), ok: result.ok } })
    }
    this.#done(actor, 'connection.test', `connection ${what.name ?? address}`, result.ok ? 'ok' : 'failed')
    return result
  }

  async topics(
    name: string,
    request: PageRequest & { readonly search?: string; readonly internal?: boolean }
  ): Promise<Page<ClusterTopic>> {
    this.#stored(name)
    const { search, internal = false } = request
    const matches = search?.startsWith('/') === true ? patternOf(search) : (topic: string) => contains(topic, search)
    return pageOf(
      topicsOf(name).filter((topic) => (internal || !topic.internal) && matches(topic.name)),
      request
    )
  }

  has(name: string): boolean {
    return this.#connections.has(name)
  }

  #stored(name: string): Stored {
    const stored = this.#connections.get(name)
    if (stored === undefined) throw notFound(`connection ${name}`)
    return stored
  }
}

/** The topics that a pretended cluster has: those of the jobs that read from it, and some more. */
export function topicsOf(connection: string): readonly ClusterTopic[] {
  const own = new Map(
    CAST.filter((cast) => cast.source === connection).flatMap(({ topics }) =>
      topics.map((topic) => [topic.name, topic.partitions])
    )
  )
  const more = Array.from({ length: 40 }, (_, index) => [`${connection}.misc.${index}`, 1 + (index % 12)] as const)
  const internal = [
    ['__consumer_offsets', 50],
    ['__transaction_state', 50],
    ['mm2-offsets.a.internal', 25]
  ] as const
  return [...own, ...more, ...internal].map(([name, partitions], index) => ({
    name,
    partitions,
    replicationFactor: 3,
    records: Math.floor(noise(index, name.length) * 9_000_000),
    internal: name.startsWith('__') || name.endsWith('.internal')
  }))
}

function patternOf(search: string): (topic: string) => boolean {
  try {
    const pattern = topicPattern(search)
    return (topic) => pattern.matches(topic)
  } catch (error) {
    throw wrong((error as Error).message, 'Correct the pattern.')
  }
}

function testOf(address: string): ConnectionTest {
  const fails = address.startsWith('edge') ? 2 : address.includes('unknown') ? 0 : Number.POSITIVE_INFINITY
  const failures = [
    ['MR_DNS_FAILED', `${address} has no address.`, 'Correct bootstrapServers, or the name service.'],
    ['MR_TCP_FAILED', 'Nothing accepts connections there.', 'See whether the broker runs.'],
    ['MR_AUTHENTICATION_FAILED', 'SASL authentication failed.', 'Correct user name or password.']
  ] as const
  const stages = (['dns', 'tcp', 'protocol', 'metadata', 'group coordinator'] as const).slice(0, fails + 1)
  return {
    ok: fails > 4,
    stages: stages.map((stage, index) => {
      const failure = index === fails ? failures[index] : undefined
      return {
        stage,
        ok: failure === undefined,
        detail: failure?.[1] ?? `${stage} of ${address.split(',')[0] ?? address} is fine.`,
        next: failure?.[2] ?? null,
        code: failure?.[0] ?? null,
        milliseconds: 2 + index * 7
      }
    })
  }
}

function secretView(input: SecretInput, before: SecretView | undefined): SecretView {
  if ('keep' in input) return before ?? { fingerprint: null, reference: null, changedAt: null }
  if ('reference' in input) return { fingerprint: null, reference: input.reference, changedAt: Date.now() }
  const fingerprint = createHash('sha256').update(input.set).digest('hex').slice(0, 8)
  return { fingerprint, reference: null, changedAt: Date.now() }
}
