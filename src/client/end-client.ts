import type { Addon } from './addon-types.ts'
import { closeHandle, pause } from './connect-handle.ts'
import type { NativeHandle } from './node-rdkafka-binding.ts'

/** Many times what it takes. */
const LIMIT_MS = 5_000
const IN_USE_MS = 20

/**
 * Frees the librdkafka client behind the handle as `closeHandle` does, but waits for a while only: some never end.
 *
 * When the answer to FindCoordinator comes while the client is being destroyed, librdkafka 2.12 forgets a reference to
 * the broker that it waited for (`rd_kafka_coord_req_handle_FindCoordinator` returns after a permanent error without
 * giving up its own), and `rd_kafka_destroy` waits for that broker's thread for ever. On a thread of libuv's that would
 * keep the process from ending, too.
 *
 * @returns whether it has ended; if not, it is left behind until the process ends
 */
export async function endClient(
  handle: NativeHandle,
  addon: Pick<Addon, 'destroyClient'>,
  limitMs = LIMIT_MS
): Promise<boolean> {
  let done: () => void
  const ended = new Promise<true>((resolve) => {
    done = () => resolve(true)
  })
  try {
    while (!addon.destroyClient(handle, () => done())) await pause(IN_USE_MS)
  } catch (error) {
    // Disconnected before.
    if ((error as NodeJS.ErrnoException).code === 'MR_CLIENT_CLOSED') return true
    throw error
  }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs)
  })
  const hasEnded = await Promise.race([ended, late])
  clearTimeout(timer)
  if (hasEnded) await closeHandle(handle)
  return hasEnded
}
