import { NOTHING_TO_DELIVER } from '../model/settlement.ts'
import type { SetAside, Settlement } from '../model/settlement.ts'

/** What became of consecutive parts of a batch, as one. A failure may only be in the last. */
export function joinSettlements(parts: readonly Settlement[]): Settlement {
  const last = parts.at(-1)
  if (last === undefined) return NOTHING_TO_DELIVER
  if (parts.length === 1) return last
  const alteredRanges = parts.flatMap((part) => part.alteredRanges ?? [])
  const setAside = joinSetAside(parts)
  return {
    delivered: sum(parts.map((part) => part.delivered)),
    altered: sum(parts.map((part) => part.altered)),
    ...(alteredRanges.length > 0 && { alteredRanges }),
    ...(setAside !== undefined && { setAside }),
    runs: parts.flatMap((part) => part.runs),
    ...(last.failure !== undefined && { failure: last.failure })
  }
}

function joinSetAside(parts: readonly Settlement[]): SetAside | undefined {
  const all = parts.flatMap((part) => part.setAside ?? [])
  if (all.length === 0) return undefined
  return {
    deadLettered: sum(all.map(({ deadLettered }) => deadLettered)),
    skipped: sum(all.map(({ skipped }) => skipped))
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
