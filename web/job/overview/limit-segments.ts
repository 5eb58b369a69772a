import type { LimitShares } from '../../../src/api/contract.ts'

export interface LimitSegment {
  readonly side: 'source' | 'mirror' | 'target' | 'rate' | 'idle'
  readonly label: string
  readonly share: number
}

const LABELS = { source: 'source', mirror: 'mirror', target: 'target', rate: 'rate limit' } as const

/** Together 1; what would not be seen is left out. */
export function limitSegments(shares: LimitShares): readonly LimitSegment[] {
  const sides = (Object.keys(LABELS) as (keyof typeof LABELS)[]).map((side) => ({
    side,
    label: LABELS[side],
    share: shares[side]
  }))
  const busy = sides.reduce((sum, { share }) => sum + share, 0)
  const idle = { side: 'idle', label: 'idle', share: Math.max(0, 1 - busy) } as const
  return [...sides, idle].filter(({ share }) => share >= 0.005)
}
