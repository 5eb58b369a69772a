import { Clusters, type Side } from './clusters.ts'

/**
 * Starts both clusters for `work` and stops them after it, whatever happens: also on Ctrl-C. A `far` one can be reached
 * only over its link.
 */
export async function withClusters<Result>(
  directory: string | undefined,
  work: (clusters: Clusters) => Promise<Result>,
  far?: Side
): Promise<Result> {
  const clusters = await Clusters.start(directory, far)
  const stop = (): void => void clusters.stop().finally(() => process.exit(130))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await work(clusters)
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
    await clusters.stop()
  }
}
