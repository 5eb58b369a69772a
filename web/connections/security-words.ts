import type { Connection } from '../../src/api/contract.ts'

/** "TLS, SCRAM-SHA-512 as mirror" */
export function securityWords({ security }: Pick<Connection, 'security'>): string {
  const { protocol, mechanism, username, certificateFile } = security
  const encryption = protocol.endsWith('SSL') ? (certificateFile ? 'mTLS' : 'TLS') : 'not encrypted'
  if (!protocol.startsWith('SASL')) return encryption === 'not encrypted' ? 'open, not encrypted' : encryption
  const login = mechanism ?? 'login by properties'
  return `${encryption}, ${login}${username ? ` as ${username}` : ''}`
}

const DAY = 86_400_000

/** Whole days until then; below 0 it has expired. */
export function daysUntil(at: number, now: number): number {
  return Math.floor((at - now) / DAY)
}

export function certificateWords(days: number): string {
  if (days < 0) return 'expired'
  return days === 0 ? 'expires today' : `${String(days)} day${days === 1 ? '' : 's'}`
}
