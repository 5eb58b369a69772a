import { Clusters } from './clusters.ts'

/** Starts both clusters for `work` and stops them after it, whatever happens: also on Ctrl-C. */
export async function withClusters<Result>(
  directory: string | undefined,
  work: (clusters: Clusters) => Promise<Result>
): Promise<Result> {
  const clusters = await Clusters.start(directory)
  const stop = (): void => void clusters.stop().finally(() => process.exit(130))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await work(clusters)
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
    await clusters.stop()
  }
}
