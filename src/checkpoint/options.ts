export const checkpointOptions = {
  interval: {
    doc: 'How often progress is committed to the source group.',
    format: 'duration',
    default: 5_000,
    min: 100,
    max: 600_000
  },
  drainTimeout: {
    doc: 'How long a stop or a revoked partition waits for what is in flight. What is not settled by then is copied again.',
    format: 'duration',
    default: 30_000,
    min: 0,
    max: 600_000
  }
} as const
