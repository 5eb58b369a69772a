import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 8 * 1024 * 1024
const LEAST_VALUES = 16
/** Of tiny values; each costs an object. */
const MOST_VALUES = 65_536
const WORDS =
  'pending shipped returned express standard Berlin Lisbon Warsaw card transfer gift fragile priority'.split(' ')

/**
 * Values of one size, to be written in turn. There are so many of them that no codec finds the same one again within
 * its window: `random` can't be compressed, `json` as well as such documents can.
 */
export function generatedValues(payload: 'random' | 'json', sizeBytes: number): readonly Buffer[] {
  const count = Math.min(MOST_VALUES, Math.max(LEAST_VALUES, Math.ceil(POOL_BYTES / sizeBytes)))
  const pool = Buffer.allocUnsafe(count * sizeBytes)
  if (payload === 'random') randomFillSync(pool)
  return Array.from({ length: count }, (_, index) => {
    const value = pool.subarray(index * sizeBytes, (index + 1) * sizeBytes)
    if (payload === 'json') value.write(jsonLike(index, sizeBytes), 'latin1')
    return value
  })
}

/** Exactly so many characters; a short one is cut off. */
function jsonLike(index: number, length: number): string {
  const random = (below: number): number => Math.floor(Math.random() * below)
  let text = `{"order":${index},"customer":"c-${random(1e6)}","cents":${random(1e5)},"at":${Date.now() - random(1e9)}`
  for (let line = 0; text.length < length - 2; line++) {
    text += `,"line${line}":{"sku":"${random(1e9).toString(36)}","state":"${WORDS[random(WORDS.length)] ?? ''}"}`
  }
  return `${text.slice(0, Math.max(0, length - 1))}}`.slice(0, length).padEnd(length, ' ')
}
