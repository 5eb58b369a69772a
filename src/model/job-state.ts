/**
 * `PAUSED`: by the user, as a whole; it stays a member of its group, and what was delivered is committed.
 * `AUTH_FAILED`: a cluster refused the credentials; nothing is tried again by itself.
 */
export type JobState =
  'STARTING' | 'RUNNING' | 'PAUSED' | 'STOPPING' | 'COMPLETED' | 'STOPPED' | 'FAILED' | 'AUTH_FAILED'
