import type { BatchConsumer } from '../client/types.ts'
import type { OnRead } from './digest-reader.ts'

export interface Consumers {
  readonly source: BatchConsumer
  readonly target: BatchConsumer
}

/** What every way of comparing is told. */
export interface CompareOptions {
  readonly withTimestamps: boolean
  /** Bytes for digests. */
  readonly memory: number
  /** Bytes of one poll of either side. */
  readonly pollBytes: number
  readonly mostNamed: number
  readonly signal: AbortSignal
  readonly onRead: OnRead
}
