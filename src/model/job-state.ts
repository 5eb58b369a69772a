/** `AUTH_FAILED`: a cluster refused the credentials; nothing is tried again by itself. */
export type JobState = 'STARTING' | 'RUNNING' | 'STOPPING' | 'COMPLETED' | 'STOPPED' | 'FAILED' | 'AUTH_FAILED'
