import type { BatchConsumer } from '../client/types.ts'

/** The consumer's commits, each sent when what belongs to it was kept. `keep` never rejects and takes a short time. */
export function keepBeforeCommit(
  consumer: Pick<BatchConsumer, 'commit'>,
  keep: () => Promise<void>
): Pick<BatchConsumer, 'commit'> {
  return {
    commit: async (offsets) => {
      await keep()
      return await consumer.commit(offsets)
    }
  }
}
