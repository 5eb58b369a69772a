import type { LimitingSide } from '../../src/api/contract.ts'

export function limitingWords(side: LimitingSide): string {
  return { source: 'Source', mirror: 'Mirror', target: 'Target', 'rate limit': 'Rate limit', nothing: 'Nothing' }[side]
}
