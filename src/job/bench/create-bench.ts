import { createConsumer, createLoader } from '../../client/create-clients.ts'
import { connectClusters } from '../connect-clusters.ts'
import { Job } from '../job.ts'
import { Bench } from './bench.ts'
import type { BenchOptions } from './bench-types.ts'

const LOAD_QUEUE_KBYTES = 32 * 1024
const READ_QUEUE_KBYTES = 16 * 1024
const FETCH_BYTES = 4 * 1024 * 1024

/** A benchmark with real clients and real jobs. */
export function createBench(options: BenchOptions): Bench {
  const { resolveSecrets } = options
  return new Bench(options, {
    connect: async (config, signal) =>
      // A benchmark makes its one attempt each time it is asked for: it remembers nothing.
      await connectClusters({ config, resolveSecrets, state: undefined, retryAuthentication: true, signal }),
    createLoader: async (settings, lingerMs) =>
      await createLoader({ ...settings, lingerMs, queueMaxKbytes: LOAD_QUEUE_KBYTES }),
    createReader: async (settings, groupId) =>
      await createConsumer({
        ...settings,
        groupId,
        queuedMaxKbytes: READ_QUEUE_KBYTES,
        fetchMaxBytes: FETCH_BYTES
      }),
    createJob: (config, jobOptions) => new Job(config, jobOptions)
  })
}
