/** Offsets [from, to). */
export interface OffsetRange {
  readonly from: number
  /** The next offset. */
  readonly to: number
}

/** `offsets 60 to 74`, `offset 60`; `no offset` where there is none. */
export function describeOffsets({ from, to }: OffsetRange): string {
  if (to <= from) return 'no offset'
  return to === from + 1 ? `offset ${from}` : `offsets ${from} to ${to - 1}`
}
