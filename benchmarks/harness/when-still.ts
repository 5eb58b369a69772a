import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_MS = 200
/** Asking costs a client's start: only when it seems to be the end, and not again soon. */
const STILL_MS = 1000
const ASK_AGAIN_MS = 5000

/**
 * Waits until what grows has grown, stands still and is complete: true. False when told to stop waiting.
 */
export async function whenStill(
  size: () => number,
  isComplete: () => Promise<boolean>,
  signal: AbortSignal
): Promise<boolean> {
  let last = 0
  let since = performance.now()
  while (!signal.aborted) {
    await sleep(LOOK_MS)
    const now = performance.now()
    const current = size()
    if (current === 0 || current !== last) {
      last = current
      since = now
    } else if (now - since >= STILL_MS) {
      if (await isComplete()) return true
      // Stands still without being complete: a pause.
      since = performance.now() + ASK_AGAIN_MS - STILL_MS
    }
  }
  return false
}
