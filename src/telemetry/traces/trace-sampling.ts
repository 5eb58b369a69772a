import type { Batch } from '../../model/batch.ts'
import { type OffsetRange, traceTargets } from './trace-targets.ts'

export interface SamplingOptions {
  /** 0 to 1. */
  readonly ratio: number
  /** See `traceTargets`. */
  readonly always: readonly string[]
  /** From fetched to delivered; undefined = slowness is no reason. */
  readonly slowerThanMs?: number
  readonly failed: boolean
}

/** Why a batch is traced. The first two are known while it has its records, the others when it is settled. */
export type TraceReason = 'asked' | 'ratio' | 'failed' | 'slow'

export interface HeadChoice {
  readonly reason: 'asked' | 'ratio'
  /** What was asked for of it; empty for the ratio. */
  readonly asked: readonly OffsetRange[]
}

/** How a batch ended. */
export interface BatchOutcome {
  /** From fetched to delivered. */
  readonly milliseconds: number
  readonly failed: boolean
}

export interface TraceSampling {
  head(batch: Pick<Batch, 'source' | 'from' | 'to' | 'count'>): HeadChoice | undefined
  /** A failed batch is no slow one: why it took long is known. */
  tail(outcome: BatchOutcome): 'failed' | 'slow' | undefined
  isSlow(outcome: BatchOutcome): boolean
}

/** Which batches are traced. `random` is in [0, 1), asked once a batch unless the ratio is 0 or 1. */
export function traceSampling(options: SamplingOptions, random: () => number = Math.random): TraceSampling {
  const { ratio, slowerThanMs = Number.POSITIVE_INFINITY, failed } = options
  const targets = traceTargets(options.always)
  const drawn = (): boolean => ratio > 0 && (ratio >= 1 || random() < ratio)
  const isSlow = (outcome: BatchOutcome): boolean => !outcome.failed && outcome.milliseconds > slowerThanMs
  return {
    head: (batch) => {
      const asked = targets.askedOf(batch.source, { from: batch.from, to: batch.to })
      if (asked.length > 0) return { reason: 'asked', asked }
      // A batch without records only says that there is nothing: of interest to who asked for just that.
      return batch.count > 0 && drawn() ? { reason: 'ratio', asked } : undefined
    },
    tail: (outcome) => {
      if (outcome.failed) return failed ? 'failed' : undefined
      return isSlow(outcome) ? 'slow' : undefined
    },
    isSlow
  }
}
