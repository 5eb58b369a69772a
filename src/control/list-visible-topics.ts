import type { ClusterAdmin } from '../client/types.ts'

/**
 * The topics of a cluster with their number of partitions. Metadata shows a topic that this user may not describe as
 * one without partitions: such a topic can't be told from none.
 */
export async function listVisibleTopics(admin: ClusterAdmin): Promise<ReadonlyMap<string, number>> {
  return new Map([...(await admin.listTopics())].filter(([, partitions]) => partitions > 0))
}
