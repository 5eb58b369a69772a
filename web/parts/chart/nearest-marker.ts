import type { History } from '../../../src/api/contract.ts'

type Marker = History['markers'][number]

/** The marker at the cursor: within a hundredth of what is shown. */
export function nearestMarker(
  markers: readonly Marker[],
  at: number,
  [from, to]: readonly [number, number]
): Marker | undefined {
  let best: Marker | undefined
  for (const marker of markers) {
    const distance = Math.abs(marker.at - at)
    if (distance <= (to - from) / 100 && (!best || distance < Math.abs(best.at - at))) best = marker
  }
  return best
}
