import { createAdmin, probeConnection } from '../client/create-clients.ts'
import type { ClusterAdmin, ClusterSettings } from '../client/types.ts'
import type { ClusterConfig } from '../config/job-config.ts'
import { checkConnection, type StageResult } from '../control/check-connection.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { SecretResolver } from './connect-clusters.ts'

/** A topic as a list of a cluster shows it. */
export interface ListedTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  /** Between first and end offset: an upper bound, holes count too. null = not known. */
  readonly records: number | null
  readonly internal: boolean
}

const CLIENT_ID = 'millrace-service'

/** Goes through the stages of a connection, whichever side it will be on; one authentication attempt. */
export async function askCluster(cluster: ClusterConfig, resolveSecrets: SecretResolver): Promise<StageResult[]> {
  const settings = settingsOf(cluster, resolveSecrets)
  return await checkConnection({
    cluster: 'source',
    bootstrapServers: settings.bootstrapServers,
    probe: async () => await probeConnection(settings),
    openAdmin: async () => await createAdmin(settings)
  })
}

/** Every topic that can be seen, by name. */
export async function listClusterTopics(
  cluster: ClusterConfig,
  resolveSecrets: SecretResolver
): Promise<ListedTopic[]> {
  const settings = settingsOf(cluster, resolveSecrets)
  // One authentication attempt before anything that would try again by itself.
  await probeConnection(settings)
  const admin = await createAdmin(settings)
  try {
    return await listTopics(admin)
  } finally {
    await admin.close()
  }
}

async function listTopics(admin: ClusterAdmin): Promise<ListedTopic[]> {
  const counts = await admin.listTopics()
  const names = [...counts.keys()].toSorted()
  const lookups = await admin.describeTopics(names)
  const recordsOf = await countRecords(admin, counts)
  return names.map((name) => {
    const lookup = lookups.get(name)
    const description = lookup?.found === true ? lookup.description : undefined
    return {
      name,
      partitions: counts.get(name) ?? 0,
      replicationFactor: description?.partitions[0]?.replicas ?? 0,
      records: recordsOf(name),
      internal: description?.internal ?? name.startsWith('__')
    }
  })
}

/** By topic. A partition without a leader has no offsets to tell: then nothing is known, and the list is there all the same. */
async function countRecords(
  admin: ClusterAdmin,
  counts: ReadonlyMap<string, number>
): Promise<(topic: string) => number | null> {
  const partitionsOf = (topic: string) =>
    Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition }))
  const all = [...counts.keys()].flatMap(partitionsOf)
  const asked = await Promise.allSettled([admin.listOffsets(all, 'earliest'), admin.listOffsets(all, 'latest')])
  const [first, end] = asked.map((answer) => (answer.status === 'fulfilled' ? answer.value : undefined))
  return (topic) => {
    let sum = 0
    for (const partition of partitionsOf(topic)) {
      const [from, to] = [first?.get(partitionName(partition)), end?.get(partitionName(partition))]
      if (from === undefined || to === undefined) return null
      sum += Math.max(0, to - from)
    }
    return sum
  }
}

function settingsOf(cluster: ClusterConfig, resolveSecrets: SecretResolver): ClusterSettings {
  const { bootstrapServers, security, properties } = resolveSecrets('source', cluster)
  return { cluster: 'source', bootstrapServers, security, properties, clientId: CLIENT_ID }
}
