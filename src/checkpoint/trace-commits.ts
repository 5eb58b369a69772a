import type { BatchConsumer, CommitOffset } from '../client/types.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { BatchTracer } from '../telemetry/traces/batch-tracer.ts'

/** The consumer's commits, shown to the tracer as well. */
export function traceCommits(
  consumer: Pick<BatchConsumer, 'commit'>,
  tracer: Pick<BatchTracer, 'committed'>
): Pick<BatchConsumer, 'commit'> {
  return {
    commit: async (offsets) => {
      const began = performance.now()
      const told = (outcome: readonly (CommitOffset & { readonly error?: string })[]): void =>
        tracer.committed({ began, ended: performance.now(), offsets: outcome })
      try {
        const results = await consumer.commit(offsets)
        told(results.map((result) => ({ ...result, ...(result.code !== 0 && { error: result.name }) })))
        return results
      } catch (error) {
        told(offsets.map((offset) => ({ ...offset, error: error instanceof MillraceError ? error.code : 'error' })))
        throw error
      }
    }
  }
}
