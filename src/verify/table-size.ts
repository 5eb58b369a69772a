/** Slots of a table for so many digests: a power of two, of which at most half are taken. */
export function slotsFor(digests: number): number {
  let slots = 16
  while (slots < 2 * digests) slots *= 2
  return slots
}

/** For how many digests there is room in so many bytes. */
export function mostDigests(bytes: number, bytesOfSlot: number): number {
  let slots = 16
  while (2 * slots * bytesOfSlot <= bytes) slots *= 2
  return slots / 2
}
