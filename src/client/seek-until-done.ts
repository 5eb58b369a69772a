import type { PartitionOffset } from '../model/topic-partition.ts'
import { failureOf, type RdkafkaFailure } from './client-errors.ts'
import { pause } from './connect-handle.ts'
import { ErrorCode } from './error-codes.ts'
import type { NativeConsumer } from './node-rdkafka-binding.ts'

const RETRY_AFTER_MS = 20

/**
 * Sets the position of an assigned partition; resolves when librdkafka has done it, or with why it has not. A partition
 * that was assigned only just has no position to set for a moment (`_STATE`), so that answer is asked again until the
 * time is up.
 */
export async function seekUntilDone(
  handle: NativeConsumer,
  position: PartitionOffset,
  timeoutMs: number,
  isOpen: () => boolean
): Promise<RdkafkaFailure | undefined> {
  const deadline = Date.now() + timeoutMs
  const { topic, partition, offset } = position
  for (;;) {
    const left = Math.max(10, deadline - Date.now())
    const error = await new Promise<unknown>((resolve) => {
      handle.seek({ topic, partition, offset }, left, resolve)
    })
    if (error === null || error === undefined) return undefined
    const failure = failureOf(error)
    if (failure.code !== ErrorCode.state || Date.now() >= deadline) return failure
    await pause(RETRY_AFTER_MS)
    if (!isOpen()) return failure
  }
}
