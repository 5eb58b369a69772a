/**
 * `PAUSED`: by the user, as a whole; it stays a member of its group, and what was delivered is committed.
 * `AUTH_FAILED`: a cluster refused the credentials; nothing is tried again by itself.
 */
export type JobState =
  'STARTING' | 'RUNNING' | 'PAUSED' | 'STOPPING' | 'COMPLETED' | 'STOPPED' | 'FAILED' | 'AUTH_FAILED'

const ENDS: ReadonlySet<string> = new Set<JobState>(['COMPLETED', 'STOPPED', 'FAILED', 'AUTH_FAILED'])

/** Whether nothing follows by itself; of what a service calls the state of a job, too. */
export function hasEnded(state: string): boolean {
  return ENDS.has(state)
}
