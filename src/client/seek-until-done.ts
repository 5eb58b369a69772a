import type { PartitionOffset } from '../model/topic-partition.ts'
import { failureOf } from './client-errors.ts'
import { ErrorCode } from './error-codes.ts'
import type { NativeConsumer } from './node-rdkafka-binding.ts'

const RETRY_AFTER_MS = 20

/**
 * Sets the position of an assigned partition and resolves when librdkafka has done it. A partition that was assigned
 * only just has no position to set for a moment (`_STATE`), so that answer is asked again until the time is up.
 */
export async function seekUntilDone(
  handle: NativeConsumer,
  position: PartitionOffset,
  timeoutMs: number,
  isOpen: () => boolean
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  const { topic, partition, offset } = position
  for (;;) {
    const left = Math.max(10, deadline - Date.now())
    const error = await new Promise<unknown>((resolve) => {
      handle.seek({ topic, partition, offset }, left, resolve)
    })
    if (error === null || error === undefined) return
    if (failureOf(error).code !== ErrorCode.state || Date.now() >= deadline || !isOpen()) throw error
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_AFTER_MS)
    })
    if (!isOpen()) throw error
  }
}
