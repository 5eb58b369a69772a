/**
 * Kafka commits the offset of the *next* record to read. This is the one place that adds the 1.
 */
export function nextOffset(lastOffset: number): number {
  return lastOffset + 1
}
