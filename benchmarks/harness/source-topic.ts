import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { administer, createTopic } from '../../test/helpers/checker.ts'
import { runSuccessfully } from '../../test/helpers/run-command.ts'
import { buildProgram } from './build-program.ts'
import type { Clusters } from './clusters.ts'
import { PARTITIONS, type Shape } from './shapes.ts'

const SOURCE = fileURLToPath(new URL('load.c', import.meta.url))
const TIMEOUT_MS = 300_000
/** Of the producer that fills the source: batches as large as a busy producer makes them, records as large as a topic takes. */
const PROPERTIES = {
  'batch.size': 131_072,
  'linger.ms': 50,
  'message.max.bytes': 1_048_588,
  acks: 'all',
  'enable.idempotence': true
}

export async function buildLoader(directory: string): Promise<string> {
  const program = join(directory, 'load')
  await buildProgram(SOURCE, program)
  return program
}

/** Makes and fills the source topic of a shape; returns its name. */
export async function loadSourceTopic(
  loader: string,
  { source }: Clusters,
  shape: Shape,
  partitions = PARTITIONS
): Promise<string> {
  const topic = `source-${shape.name}-${partitions}`
  await createTopic({ bootstrap: source.bootstrapServers }, topic, partitions)
  const properties = {
    ...PROPERTIES,
    'bootstrap.servers': source.bootstrapServers,
    'compression.type': shape.codec
  }
  const what = [topic, partitions, shape.records, shape.bytes, shape.payload].map(String)
  const settings = Object.entries(properties).map(([name, value]) => `${name}=${value}`)
  await runSuccessfully(loader, [...what, ...settings], { timeoutMs: TIMEOUT_MS })
  return topic
}

/** A source topic for as long as `work` needs it: many of them don't fit on a disk together. */
export async function withSourceTopic<Result>(
  loader: string,
  clusters: Clusters,
  shape: Shape,
  work: (topic: string) => Promise<Result>
): Promise<Result> {
  const topic = await loadSourceTopic(loader, clusters, shape)
  try {
    return await work(topic)
  } finally {
    await administer({ bootstrap: clusters.source.bootstrapServers }, 'delete_topic', { topic })
  }
}
