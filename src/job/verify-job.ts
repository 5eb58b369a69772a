import { createConsumer } from '../client/create-clients.ts'
import type { BatchConsumer, ClientEvent, ClusterSettings } from '../client/types.ts'
import type { JobConfig } from '../config/job-config.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { Consumers } from '../verify/compare-options.ts'
import { type VerifyMemory, checkSampleFits, divideVerifyMemory } from '../verify/divide-verify-memory.ts'
import { takeBounds } from '../verify/take-bounds.ts'
import { verifyCopy } from '../verify/verify-copy.ts'
import type { Verification, VerifyMode, VerifyProgress } from '../verify/verify-types.ts'
import { readBeginning } from './state/beginning-file.ts'
import { connectClusters, type SecretResolver } from './connect-clusters.ts'
import { findingError } from './finding-error.ts'
import { knownPairs, loadPairs } from './pairs/load-known-pairs.ts'
import { readAudit } from './state/read-audit.ts'

const MOST_NAMED = 10

export interface VerifyJobOptions {
  readonly mode: VerifyMode
  /** Records of each topic in a sample. */
  readonly sampleRecords?: number | undefined
  readonly strict: boolean
  readonly resolveSecrets: SecretResolver
  readonly onProgress: (progress: VerifyProgress) => void
  readonly signal: AbortSignal
}

/** Compares source and target of a job, whether it runs or not. Changes nothing on either side. */
export async function verifyJob(config: JobConfig, options: VerifyJobOptions): Promise<Verification> {
  const { resolveSecrets, signal } = options
  const clusters = await connectClusters({
    config,
    resolveSecrets,
    state: undefined,
    retryAuthentication: true,
    signal
  })
  try {
    const { source, target, settings } = clusters
    const brokers = await Promise.all([source.describeCluster(), target.describeCluster()])
    const count = brokers.reduce((sum, cluster) => sum + cluster.brokers.length, 0)
    const memory = divideVerifyMemory(config.limits.memory, count)
    if (options.sampleRecords !== undefined) checkSampleFits(options.sampleRecords, memory)
    const sums = Math.floor(memory.pairs / 8)
    const loaded = await loadPairs(config.stateDir, options.mode === 'counts' ? 0 : memory.pairs - sums)
    const { topics, refusals } = await takeBounds(config, source, target, {
      audit: await readAudit(config.stateDir),
      beginning: await readBeginning(config.stateDir, config.source.groupId)
    })
    const [refusal] = refusals
    if (refusal !== undefined) throw findingError(refusal)
    const known = await knownPairs(loaded, source, target)
    return await withConsumers(settings, config.source.groupId, memory, signal, async (consumers, either) =>
      verifyCopy(topics, consumers, {
        job: config.name,
        policy: config.partitions,
        mode: options.mode,
        strict: options.strict,
        sampleRecords: options.sampleRecords,
        known,
        pairSums: sums,
        memory: memory.digests,
        pollBytes: memory.poll,
        mostNamed: MOST_NAMED,
        signal: either,
        onProgress: options.onProgress
      })
    )
  } finally {
    await clusters.close()
  }
}

type Settings = Readonly<Record<'source' | 'target', ClusterSettings>>

/** A reader of either side: it takes partitions by itself, so it neither joins the group nor commits. */
async function withConsumers<T>(
  settings: Settings,
  groupId: string,
  memory: VerifyMemory,
  signal: AbortSignal,
  use: (consumers: Consumers, signal: AbortSignal) => Promise<T>
): Promise<T> {
  const failed = new AbortController()
  const opened: BatchConsumer[] = []
  const open = async (side: 'source' | 'target'): Promise<BatchConsumer> => {
    const consumer = await createConsumer(
      {
        ...settings[side],
        groupId,
        queuedMaxKbytes: Math.floor(memory.consumerQueue / 1024),
        fetchMaxBytes: memory.fetchMaxBytes
      },
      { signal }
    )
    opened.push(consumer)
    consumer.events.subscribe((event) => {
      const error = failureOf(event, side)
      if (error !== undefined) failed.abort(error)
    })
    return consumer
  }
  try {
    const consumers = { source: await open('source'), target: await open('target') }
    return await use(consumers, AbortSignal.any([signal, failed.signal]))
  } finally {
    await Promise.all(opened.map(async (consumer) => consumer.close()))
  }
}

/** What no patience helps against. */
function failureOf(event: ClientEvent, cluster: 'source' | 'target'): MillraceError | undefined {
  if (event.type !== 'error' || (!event.fatal && !event.authentication)) return undefined
  return new MillraceError({
    code: event.authentication ? 'MR_AUTHENTICATION_FAILED' : 'MR_CONSUMER_FATAL',
    kind: event.authentication ? 'authentication' : 'client',
    message: `The ${cluster} cluster can't be read any more: ${event.name}${event.text === '' ? '' : ` (${event.text})`}.`,
    next: 'Look at the cause that is named, then verify again.',
    place: { cluster }
  })
}
