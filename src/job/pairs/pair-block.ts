import { crc32 } from 'node:zlib'
import { NUMBERS_OF_RUN } from '../../model/offset-pairs.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import { ByteReader, ByteWriter } from './varint.ts'

/*
 * A block of offset pairs, whole in itself. Numbers in the head are 32 bits, little-endian:
 *
 *   block     = "MRP1" | bytes of the body | runs in it | CRC-32 of the two numbers before and the body | body
 *   body      = count, topic × count, count, partition × count          numbers as in varint.ts
 *   topic     = source, target, source id, target id                    texts; an id that is not known is empty
 *   partition = index of the topic, partition, generation, forgotten, count, run × count
 *   run       = target partition, source offset, target offset, count
 *
 * Offsets of a run are told as differences: to the end of the run before, at the target to that of the last run in the
 * same target partition. So a run that goes on where another ended takes four bytes and what its length takes.
 */

/** What is told apart by its names: a source topic and what it was copied to. */
export interface PairedTopics {
  readonly source: string
  readonly target: string
  /** Base64, empty before Kafka 2.8. */
  readonly sourceId: string
  readonly targetId: string
}

/** Pairs of one source partition. */
export interface PairedPartition {
  readonly topics: PairedTopics
  readonly partition: number
  /** The time in ms when the copy of this partition into this target began: newer ones count. */
  readonly generation: number
  /** Some pairs of source offsets below are not kept any more; 0 = none. */
  readonly forgotten: number
  /** See `PairRuns`. */
  readonly runs: readonly number[]
}

export interface PairBlock {
  readonly partitions: readonly PairedPartition[]
}

export function sourceOf({ topics, partition }: Pick<PairedPartition, 'topics' | 'partition'>): TopicPartition {
  return { topic: topics.source, partition }
}

const MAGIC = Buffer.from('MRP1')
const HEAD_BYTES = 16
/** Of one block, give or take a partition: what is damaged costs no more than this. */
const RUNS_OF_BLOCK = 4096
const PARTITIONS_OF_BLOCK = 512
const MOST_BODY_BYTES = 64 * 1024 * 1024

/** As many blocks as it takes. */
export function encodePairs(partitions: Iterable<PairedPartition>): Buffer {
  const blocks: Buffer[] = []
  let open: PairedPartition[] = []
  let runs = 0
  const end = (): void => {
    if (open.length > 0) blocks.push(encodeBlock(open, runs))
    open = []
    runs = 0
  }
  for (const partition of partitions) {
    open.push(partition)
    runs += partition.runs.length / NUMBERS_OF_RUN
    if (runs >= RUNS_OF_BLOCK || open.length >= PARTITIONS_OF_BLOCK) end()
  }
  end()
  return Buffer.concat(blocks)
}

function encodeBlock(partitions: readonly PairedPartition[], runs: number): Buffer {
  const topics = [...new Set(partitions.map((partition) => partition.topics))]
  const indexOf = new Map(topics.map((of, index) => [of, index]))
  const writer = new ByteWriter()
  writer.number(topics.length)
  for (const { source, target, sourceId, targetId } of topics) {
    for (const text of [source, target, sourceId, targetId]) writer.text(text)
  }
  writer.number(partitions.length)
  for (const of of partitions) {
    writer.number(indexOf.get(of.topics) ?? 0)
    for (const number of [of.partition, of.generation, of.forgotten, of.runs.length / NUMBERS_OF_RUN]) {
      writer.number(number)
    }
    encodeRuns(writer, of.runs)
  }
  const head = Buffer.alloc(HEAD_BYTES)
  MAGIC.copy(head)
  head.writeUInt32LE(writer.length, 4)
  head.writeUInt32LE(runs, 8)
  head.writeUInt32LE(crc32(writer.bytes(), crc32(head.subarray(4, 12))), 12)
  return Buffer.concat([head, writer.bytes()])
}

function encodeRuns(writer: ByteWriter, runs: readonly number[]): void {
  const ends = new Map<number, number>()
  let sourceEnd = 0
  for (let at = 0; at < runs.length; at += NUMBERS_OF_RUN) {
    const [target = 0, source = 0, targetOffset = 0, count = 0] = runs.slice(at, at + NUMBERS_OF_RUN)
    writer.number(target)
    writer.signed(source - sourceEnd)
    writer.signed(targetOffset - (ends.get(target) ?? 0))
    writer.number(count)
    sourceEnd = source + count
    ends.set(target, targetOffset + count)
  }
}

/** What a file of blocks has at one place. */
export interface FoundBlock {
  /** The block's body, its checksum being right. */
  readonly body: Buffer
  readonly runs: number
}

/** The whole blocks of a file, in order. Whatever is damaged, cut off or of another version is passed over. */
export function* findBlocks(file: Buffer): Generator<FoundBlock> {
  for (let at = file.indexOf(MAGIC); at >= 0;) {
    const block = blockAt(file, at)
    if (block !== undefined) yield block
    at = file.indexOf(MAGIC, block === undefined ? at + 1 : at + HEAD_BYTES + block.body.length)
  }
}

function blockAt(file: Buffer, at: number): FoundBlock | undefined {
  if (at + HEAD_BYTES > file.length) return undefined
  const length = file.readUInt32LE(at + 4)
  const end = at + HEAD_BYTES + length
  if (length > MOST_BODY_BYTES || end > file.length) return undefined
  const body = file.subarray(at + HEAD_BYTES, end)
  const sum = crc32(body, crc32(file.subarray(at + 4, at + 12)))
  return sum === file.readUInt32LE(at + 12) ? { body, runs: file.readUInt32LE(at + 8) } : undefined
}

/** Undefined for a body that no `encodePairs` has written, though its checksum is right. */
export function decodeBlock({ body }: FoundBlock): PairBlock | undefined {
  try {
    const reader = new ByteReader(body)
    const topics = list(reader, (): PairedTopics => {
      const [source, target, sourceId, targetId] = [reader.text(), reader.text(), reader.text(), reader.text()]
      return { source, target, sourceId, targetId }
    })
    const partitions = list(reader, (): PairedPartition => {
      const of = topics[reader.number()]
      if (of === undefined) throw new RangeError('no such topic')
      const [partition, generation, forgotten] = [reader.number(), reader.number(), reader.number()]
      return { topics: of, partition, generation, forgotten, runs: decodeRuns(reader) }
    })
    return reader.isAtEnd ? { partitions } : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function decodeRuns(reader: ByteReader): number[] {
  const runs: number[] = []
  const ends = new Map<number, number>()
  let sourceEnd = 0
  for (let left = reader.number(); left > 0; left--) {
    const target = reader.number()
    const source = sourceEnd + reader.signed()
    const targetOffset = (ends.get(target) ?? 0) + reader.signed()
    const count = reader.number()
    if (source < 0 || targetOffset < 0 || count < 1) throw new RangeError('no run')
    runs.push(target, source, targetOffset, count)
    sourceEnd = source + count
    ends.set(target, targetOffset + count)
  }
  return runs
}

function list<T>(reader: ByteReader, read: () => T): T[] {
  const all: T[] = []
  for (let left = reader.number(); left > 0; left--) all.push(read())
  return all
}
