import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { RecordLoader } from '../../client/types.ts'

export interface Load {
  readonly topic: string
  readonly partitions: number
  readonly values: readonly Buffer[]
  readonly signal: AbortSignal
}

const WRITES_A_TURN = 1000
const FLUSH_SLICE_MS = 500
const FULL_MS = 2

/** Writes so many records as fast as they go, and returns when the cluster has them. Rejects when aborted. */
export async function loadRecords(
  loader: RecordLoader,
  records: number,
  load: Load,
  onProgress: (done: number) => void
): Promise<void> {
  for (let index = 0; index < records; index++) {
    while (!write(loader, load, index, Date.now())) {
      load.signal.throwIfAborted()
      await pause(FULL_MS)
    }
    if (index % WRITES_A_TURN > 0) continue
    onProgress(index)
    await nextTurn()
    load.signal.throwIfAborted()
  }
  await flushed(loader, load.signal)
  onProgress(records)
}

/** Writes records at a fixed rate until `signal` aborts, and returns how many it were. */
export async function trickleRecords(loader: RecordLoader, ratePerSecond: number, load: Load): Promise<number> {
  const began = performance.now()
  let written = 0
  while (!load.signal.aborted) {
    const due = Math.floor(((performance.now() - began) / 1000) * ratePerSecond)
    // A full queue drops nothing: what is due is written a little later, with the timestamp of then.
    while (written < due && write(loader, load, written, Date.now())) written += 1
    await pause(1)
  }
  await loader.flush(FLUSH_SLICE_MS)
  return written
}

async function flushed(loader: RecordLoader, signal: AbortSignal): Promise<void> {
  while (!(await loader.flush(FLUSH_SLICE_MS))) signal.throwIfAborted()
}

function write(loader: RecordLoader, { topic, partitions, values }: Load, index: number, timestamp: number): boolean {
  const value = values[index % values.length]
  if (value === undefined) throw new RangeError('no values to write')
  return loader.write(topic, index % partitions, value, timestamp)
}
