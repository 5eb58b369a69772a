import type { BatchConsumer } from '../client/types.ts'
import type { RecordView } from '../model/batch.ts'
import { MillraceError } from '../model/millrace-error.ts'
import { partitionName } from '../model/topic-partition.ts'
import { differenceOf } from './compare-records.ts'

export interface CopiedTopic {
  readonly source: string
  readonly target: string
  readonly partitions: number
}

export interface Verification {
  readonly compared: number
  readonly differences: readonly string[]
}

const POLL_BYTES = 16 * 1024 * 1024
const POLL_MS = 100
const DEADLINE_MS = 30_000

/**
 * Reads both topics to their ends and compares each partition record by record, in order. For topics that fit into
 * memory.
 */
export async function verifyCopy(
  source: BatchConsumer,
  target: BatchConsumer,
  topic: CopiedTopic,
  signal: AbortSignal
): Promise<Verification> {
  const [originals, copies] = await Promise.all([
    readTopic(source, topic.source, topic.partitions, signal),
    readTopic(target, topic.target, topic.partitions, signal)
  ])
  const differences: string[] = []
  let compared = 0
  for (const [partition, records] of originals.entries()) {
    const copied = copies[partition] ?? []
    const name = partitionName({ topic: topic.source, partition })
    compared += Math.min(records.length, copied.length)
    if (records.length !== copied.length) {
      differences.push(`${name}: ${records.length} records at the source, ${copied.length} at the target`)
    }
    for (const [index, record] of records.entries()) {
      const copy = copied[index]
      const difference = copy === undefined ? undefined : differenceOf(record, copy)
      if (difference !== undefined) differences.push(`${name}, offset ${record.offset}: ${difference}`)
    }
  }
  return { compared, differences }
}

/** The records of each partition, from the first to the end. */
async function readTopic(
  consumer: BatchConsumer,
  topic: string,
  partitions: number,
  signal: AbortSignal
): Promise<readonly RecordView[][]> {
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 }))
  const read: RecordView[][] = all.map(() => [])
  const open = new Set(all.map(({ partition }) => partition))
  const deadline = performance.now() + DEADLINE_MS
  consumer.assign(all)
  while (open.size > 0) {
    signal.throwIfAborted()
    if (performance.now() > deadline) throw unreadable(topic)
    const { fetched, ends } = await consumer.poll(POLL_BYTES, POLL_MS)
    for (const { partition, payload } of fetched) {
      read[partition]?.push(...payload.records())
      payload.release()
    }
    for (const { partition } of ends) open.delete(partition)
  }
  consumer.unassign(all)
  return read
}

function unreadable(topic: string): MillraceError {
  return new MillraceError({
    code: 'MR_DEMO_UNREADABLE',
    kind: 'internal',
    message: `Topic ${topic} could not be read to its end within ${DEADLINE_MS} ms`,
    next: 'Report this as a bug.',
    place: { topic }
  })
}
