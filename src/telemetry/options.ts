export const logOptions = {
  level: { doc: 'How much to log.', format: ['error', 'warn', 'info', 'debug'], default: 'info' }
} as const
