import { setTimeout as pause } from 'node:timers/promises'
import type { BatchConsumer, RecordLoader } from '../../client/types.ts'
import type { Latency } from './bench-types.ts'
import { LatencyReader } from './latency-reader.ts'
import { trickleRecords } from './load-records.ts'
import { latencyFigures } from './quantiles.ts'

export interface LatencyQuestion {
  readonly loader: RecordLoader
  /** Of the target. */
  readonly consumer: BatchConsumer
  readonly topic: string
  readonly partitions: number
  readonly targetTopic: string
  /** Where the target ends now, by partition. */
  readonly targetEnds: readonly number[]
  readonly values: readonly Buffer[]
  readonly seconds: number
  readonly ratePerSecond: number
  readonly onProgress: (doneSeconds: number) => void
  readonly signal: AbortSignal
}

/** The first records wait for the group and for connections; what comes after them counts. */
const WARM_UP_MS = 1000
const FIRST_RECORD_MS = 60_000
/** For what is on its way when the last record was written. */
const LAST_RECORDS_MS = 5000
const LOOK_MS = 100

/** Undefined when nothing arrived, or when it was aborted. A mirror must be running. */
export async function measureLatency(question: LatencyQuestion): Promise<Latency | undefined> {
  const { loader, consumer, targetTopic, targetEnds, seconds, ratePerSecond, onProgress, signal } = question
  const reader = new LatencyReader(consumer)
  const readEnded = new AbortController()
  const writeEnded = new AbortController()
  const reading = reader.run(targetTopic, targetEnds, readEnded.signal)
  const load = { topic: question.topic, partitions: question.partitions, values: question.values }
  const writing = trickleRecords(loader, ratePerSecond, {
    ...load,
    signal: AbortSignal.any([signal, writeEnded.signal])
  })
  // A failure of either ends the wait at once.
  const failed = Promise.all([reading, writing])
  failed.catch(() => undefined)
  const until = async (isSo: () => boolean, atMostMs: number): Promise<boolean> => {
    const deadline = performance.now() + atMostMs
    while (!isSo() && performance.now() < deadline && !signal.aborted) {
      await Promise.race([pause(LOOK_MS), failed])
    }
    return isSo()
  }
  try {
    if (!(await until(() => reader.seen > 0, FIRST_RECORD_MS))) return undefined
    await until(() => false, WARM_UP_MS)
    const from = Date.now()
    reader.window.from = from
    await until(() => {
      onProgress(Math.min(seconds, (Date.now() - from) / 1000))
      return Date.now() - from >= seconds * 1000
    }, seconds * 1000)
    reader.window.to = Date.now()
    writeEnded.abort()
    const written = await writing
    await until(() => reader.seen >= written, LAST_RECORDS_MS)
  } finally {
    writeEnded.abort()
    readEnded.abort()
    await Promise.allSettled([reading, writing])
  }
  return signal.aborted || reader.latencies.length === 0 ? undefined : latencyFigures(reader.latencies, ratePerSecond)
}
