import type { BatchConsumer } from '../../client/types.ts'

const POLL_BYTES = 1024 * 1024
const POLL_MS = 100

export interface LatencyWindow {
  /** Records stamped in [from, to) count; undefined = not settled yet. Milliseconds since 1970. */
  from: number | undefined
  to: number | undefined
}

/**
 * Reads the target as it grows and notes how old each record is when it arrives: timestamps are kept by the mirror, and
 * the load is stamped by the clock of this machine.
 *
 * Invariant: every record that was polled is released in the same turn.
 */
export class LatencyReader {
  readonly window: LatencyWindow = { from: undefined, to: undefined }
  readonly latencies: number[] = []
  readonly #consumer: BatchConsumer
  #seen = 0

  constructor(consumer: BatchConsumer) {
    this.#consumer = consumer
  }

  /** All records that arrived, in the window or not. */
  get seen(): number {
    return this.#seen
  }

  /** Reads from these positions until aborted. */
  async run(topic: string, offsets: readonly number[], signal: AbortSignal): Promise<void> {
    const positions = offsets.map((offset, partition) => ({ topic, partition, offset }))
    this.#consumer.assign(positions)
    while (!signal.aborted) {
      const { fetched } = await this.#consumer.poll(POLL_BYTES, POLL_MS)
      const now = Date.now()
      for (const { payload } of fetched) {
        this.#seen += payload.count
        for (const { timestamp } of payload.records()) this.#note(timestamp, now)
        payload.release()
      }
    }
    this.#consumer.unassign(positions)
  }

  #note(timestamp: number, now: number): void {
    const { from, to } = this.window
    if (from === undefined || timestamp < from || (to !== undefined && timestamp >= to)) return
    // Both are whole milliseconds of one clock, which may be set back.
    this.latencies.push(Math.max(0, now - timestamp))
  }
}
