/**
 * Works on source and target at the same time. If one fails the other is aborted, and waited for: nothing may go on
 * using the consumers.
 */
export async function onBothSides(
  signal: AbortSignal,
  work: (cluster: 'source' | 'target', signal: AbortSignal) => Promise<void>
): Promise<void> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const abortOnFailure = async (cluster: 'source' | 'target'): Promise<void> => {
    try {
      await work(cluster, either)
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const sides = await Promise.allSettled([abortOnFailure('source'), abortOnFailure('target')])
  // Aborted by the other's failure, a side rejects with the same error.
  for (const side of sides) if (side.status === 'rejected') throw side.reason
}
