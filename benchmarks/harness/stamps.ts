import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runSuccessfully } from '../../test/helpers/run-command.ts'
import { buildProgram } from './build-program.ts'

const WRITER = fileURLToPath(new URL('write-stamps.c', import.meta.url))
const READER = fileURLToPath(new URL('read-stamps.c', import.meta.url))

/** A producer that waits for nothing: what is measured is the mirror. */
const WRITER_PROPERTIES = { 'linger.ms': 0, acks: 'all', 'enable.idempotence': true }
const READER_PROPERTIES = {
  'group.id': 'bench-reader',
  'enable.auto.commit': false,
  'fetch.queue.backoff.ms': 2
}
/** The reader gives up when nothing new came for so long. */
const PATIENCE_SECONDS = 20
const GRACE_MS = 120_000

/** Topics `prefix0`, `prefix1` … with as many partitions each. */
export interface StampedTopics {
  readonly prefix: string
  readonly topics: number
  readonly partitions: number
}

export interface Pace {
  readonly recordsPerSecond: number
  readonly seconds: number
  readonly bytes: number
}

export interface Writing extends Pace {
  /** Number of the first record; those of one read are from 0 on without a gap. */
  readonly first: number
}

export interface Stamps {
  /** When each record that arrived was written, in microseconds since 1970. */
  readonly written: Float64Array
  /** Milliseconds from writing to the append at the target, rounded up as far as the broker's clock of milliseconds allows. */
  readonly latencyMs: Float64Array
  readonly repeated: number
  /** Records that were never written. */
  readonly foreign: number
}

/** Writes records that say when they were written, and reads them where they were copied to. */
export class StampPrograms {
  readonly #directory: string

  private constructor(directory: string) {
    this.#directory = directory
  }

  static async build(directory: string): Promise<StampPrograms> {
    await buildProgram(WRITER, join(directory, 'write-stamps'))
    await buildProgram(READER, join(directory, 'read-stamps'))
    return new StampPrograms(directory)
  }

  /** Keeps the pace to its end. Returns how late the latest record was, in ms. Throws when one was not delivered. */
  async write(bootstrap: string, { prefix, topics, partitions }: StampedTopics, writing: Writing): Promise<number> {
    const { recordsPerSecond, seconds, bytes, first } = writing
    const numbers = [topics, partitions, recordsPerSecond, seconds, bytes, first].map(String)
    const output = await this.#run('write-stamps', [prefix, ...numbers], { ...WRITER_PROPERTIES, bootstrap }, seconds)
    const { records, latestMicros } = JSON.parse(output) as { records: number; latestMicros: number }
    if (records !== recordsPerSecond * seconds) throw new Error(`only ${records} records were written`)
    return latestMicros / 1000
  }

  /** Reads the copies, which must have message.timestamp.type=LogAppendTime. */
  async read(bootstrap: string, { prefix, topics, partitions }: StampedTopics, records: number): Promise<Stamps> {
    const file = join(this.#directory, 'stamps')
    const numbers = [topics, partitions, records, PATIENCE_SECONDS].map(String)
    const properties = { ...READER_PROPERTIES, bootstrap }
    const output = await this.#run('read-stamps', [file, prefix, ...numbers], properties, PATIENCE_SECONDS)
    const { repeated, foreign } = JSON.parse(output) as { repeated: number; foreign: number }
    return { ...toStamps(await readFile(file)), repeated, foreign }
  }

  #run(
    program: string,
    args: readonly string[],
    { bootstrap, ...properties }: Readonly<Record<string, string | number | boolean>>,
    seconds: number
  ): Promise<string> {
    const settings = { ...properties, 'bootstrap.servers': bootstrap }
    const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
    const timeoutMs = seconds * 1000 + GRACE_MS
    return runSuccessfully(join(this.#directory, program), [...args, ...assignments], { timeoutMs })
  }
}

/** Pairs of doubles: written, appended; both in microseconds since 1970, the second of a clock of milliseconds. */
export function toStamps(pairs: Uint8Array): Pick<Stamps, 'written' | 'latencyMs'> {
  const count = Math.floor(pairs.byteLength / 16)
  const view = new DataView(pairs.buffer, pairs.byteOffset, pairs.byteLength)
  const written = new Float64Array(count)
  const latencyMs = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const stamp = view.getFloat64(i * 16, true)
    written[i] = stamp
    latencyMs[i] = (view.getFloat64(i * 16 + 8, true) - stamp) / 1000 + CLOCK_STEP_MS
  }
  return { written, latencyMs }
}

/** The broker cuts off what is below a millisecond; a latency is never made smaller by that. */
const CLOCK_STEP_MS = 1
