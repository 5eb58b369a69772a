import type { Place } from '../../src/api/contract.ts'

/** "source, topic orders, partition 3, offset 12"; '' = nowhere in particular. */
export function placeWords(place: Place | undefined): string {
  if (!place) return ''
  const parts = [
    place.cluster,
    named('topic', place.topic),
    named('partition', place.partition),
    named('offset', place.offset),
    named('broker', place.broker),
    named('option', place.option),
    named('file', place.file)
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}

function named(word: string, value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : `${word} ${String(value)}`
}
