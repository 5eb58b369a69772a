import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTopic } from '../../test/helpers/checker.ts'
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
  await runSuccessfully(
    loader,
    [
      topic,
      String(partitions),
      String(shape.records),
      String(shape.bytes),
      shape.payload,
      ...Object.entries(properties).map(([name, value]) => `${name}=${value}`)
    ],
    { timeoutMs: TIMEOUT_MS }
  )
  return topic
}
