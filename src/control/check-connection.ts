import type { ClusterAdmin, ConnectionProbe } from '../client/types.ts'
import { MillraceError, type ErrorKind } from '../model/millrace-error.ts'
import { addressName, bootstrapAddresses, type ServerAddress } from './bootstrap-servers.ts'
import { network, type Network } from './network.ts'

export type ConnectionStage = 'dns' | 'tcp' | 'protocol' | 'metadata' | 'group coordinator'

export interface StageResult {
  readonly cluster: 'source' | 'target'
  readonly stage: ConnectionStage
  readonly ok: boolean
  /** What was found, or what went wrong. */
  readonly detail: string
  /** What to do about it; undefined when there is nothing to do. */
  readonly next: string | undefined
  /** Of a failure: the code, and what must happen next (`authentication`: never try again by itself). */
  readonly code: string | undefined
  readonly kind: ErrorKind | undefined
  readonly milliseconds: number
}

export interface ConnectionCheck {
  readonly cluster: 'source' | 'target'
  readonly bootstrapServers: string
  /** Only of the source. */
  readonly groupId?: string
  /** One authentication attempt and one metadata request. */
  readonly probe: () => Promise<ConnectionProbe>
  /** Called only after the probe has succeeded; the check closes it. */
  readonly openAdmin: () => Promise<ClusterAdmin>
  readonly network?: Network
  readonly timeoutMs?: number
}

/** What a stage found. Failures are thrown. */
interface Found {
  readonly detail: string
  readonly next?: string
}

/** Goes through the stages of a connection one by one, and ends at the first that fails: the later ones need it. */
export async function checkConnection(check: ConnectionCheck): Promise<StageResult[]> {
  const results: StageResult[] = []
  const via = check.network ?? network
  const timeoutMs = check.timeoutMs ?? 5_000
  const stage = (name: ConnectionStage, look: () => Promise<Found>) => runStage(check.cluster, name, look, results)
  const servers = bootstrapAddresses(check.bootstrapServers)

  if (!(await stage('dns', () => checkNames(servers, via)))) return results
  if (!(await stage('tcp', () => checkPorts(servers, via, timeoutMs)))) return results
  if (!(await stage('protocol', () => checkProtocol(check)))) return results
  let admin: ClusterAdmin | undefined
  try {
    const opened = await stage('metadata', async () => {
      admin = await check.openAdmin()
      return await checkMetadata(admin, via, timeoutMs)
    })
    const { groupId } = check
    if (opened && admin !== undefined && groupId !== undefined) {
      const asked = admin
      await stage('group coordinator', () => checkCoordinator(asked, groupId))
    }
  } finally {
    await admin?.close()
  }
  return results
}

async function runStage(
  cluster: 'source' | 'target',
  stage: ConnectionStage,
  look: () => Promise<Found>,
  results: StageResult[]
): Promise<boolean> {
  const begin = performance.now()
  const result = await look().then(
    ({ detail, next }) => ({ ok: true, detail, next, code: undefined, kind: undefined }),
    (error: unknown) => ({ ok: false, ...failure(error) })
  )
  results.push({ cluster, stage, ...result, milliseconds: Math.round(performance.now() - begin) })
  return result.ok
}

function failure(error: unknown): Pick<StageResult, 'detail' | 'next' | 'code' | 'kind'> {
  if (error instanceof MillraceError) {
    return { detail: error.message, next: error.next, code: error.code, kind: error.kind }
  }
  return { detail: reasonOf(error), next: undefined, code: undefined, kind: undefined }
}

async function checkNames(servers: readonly ServerAddress[], { resolve }: Network): Promise<Found> {
  return await oneOfMany(
    servers,
    ({ host }) => resolve(host).then((addresses) => `${host} is ${addresses.join(', ')}`),
    ({ host }, reason) => `${host}: ${reason}`,
    'MR_DNS_FAILED',
    'Correct the host names in bootstrapServers, or the name service of this machine.'
  )
}

async function checkPorts(servers: readonly ServerAddress[], { reach }: Network, timeoutMs: number): Promise<Found> {
  return await oneOfMany(
    servers,
    (server) => reach(server, timeoutMs).then(() => `${addressName(server)} accepts connections`),
    (server, reason) => `${addressName(server)}: ${reason}`,
    'MR_TCP_FAILED',
    'See whether the broker runs, listens on that port, and whether a firewall lies between.'
  )
}

/** One server that answers is enough to begin with; the others are told. */
async function oneOfMany(
  servers: readonly ServerAddress[],
  ask: (server: ServerAddress) => Promise<string>,
  tell: (server: ServerAddress, reason: string) => string,
  code: string,
  next: string
): Promise<Found> {
  const answers = await Promise.allSettled(servers.map(ask))
  const good = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  const bad = servers.flatMap((server, i) => {
    const answer = answers[i]
    return answer?.status === 'rejected' ? [tell(server, reasonOf(answer.reason))] : []
  })
  if (good.length === 0) {
    const message = bad.length === 0 ? 'bootstrapServers is empty' : bad.join('; ')
    throw new MillraceError({ code, kind: 'retry', message, next })
  }
  return bad.length === 0 ? { detail: good.join('; ') } : { detail: [...good, ...bad].join('; '), next }
}

async function checkProtocol({ probe }: ConnectionCheck): Promise<Found> {
  const { clusterId } = await probe()
  return { detail: clusterId === undefined ? 'Kafka answers' : `Kafka answers: cluster ${clusterId}` }
}

/** The addresses that a cluster gives its clients are others than those to begin with, and often wrong. */
async function checkMetadata(admin: ClusterAdmin, { reach }: Network, timeoutMs: number): Promise<Found> {
  const { clusterId, brokers } = await admin.describeCluster()
  const topics = await admin.listTopics()
  const answers = await Promise.allSettled(brokers.map((broker) => reach(broker, timeoutMs)))
  const unreachable = brokers.flatMap((broker, i) => {
    const answer = answers[i]
    return answer?.status === 'rejected' ? [`${broker.id} at ${addressName(broker)} (${reasonOf(answer.reason)})`] : []
  })
  if (unreachable.length > 0) {
    throw new MillraceError({
      code: 'MR_BROKER_UNREACHABLE',
      kind: 'retry',
      message: `The cluster says that its brokers are elsewhere, and there they can't be reached: ${unreachable.join('; ')}`,
      next: 'Correct advertised.listeners of these brokers, or make that address reachable from here.'
    })
  }
  const addresses = brokers.map(addressName).join(', ')
  return { detail: `cluster ${clusterId}: ${topics.size} topics; brokers at ${addresses} can be reached` }
}

async function checkCoordinator(admin: ClusterAdmin, groupId: string): Promise<Found> {
  const topics = [...(await admin.listTopics()).keys()]
  const topic = topics.find((name) => !name.startsWith('__')) ?? topics[0]
  if (topic === undefined) return { detail: `not asked for group ${groupId}: the cluster has no topic yet` }
  await admin.committedOffsets(groupId, [{ topic, partition: 0 }])
  return { detail: `the coordinator of group ${groupId} answers` }
}

/** Node.js says `connect ECONNREFUSED 127.0.0.1:1` and, of several addresses, nothing at all. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join(', ')
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOTFOUND':
      return 'no such host'
    case 'EAI_AGAIN':
      return 'the name service does not answer'
    case 'ECONNREFUSED':
      return 'connection refused'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'no route to the host'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
