/** Milliseconds before attempt number `attempt` (0 = the first after a break): 1, 2, 4, 8, then 15 s, each up to a quarter less. */
export function backOff(attempt: number, random: () => number = Math.random): number {
  return Math.round(Math.min(1000 * 2 ** Math.min(attempt, 10), 15_000) * (1 - random() / 4))
}
