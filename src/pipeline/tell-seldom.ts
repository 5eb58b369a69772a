/** True for the first time of a key, and then again only after `intervalMs` (a clock in ms may be given). */
export function tellSeldom(intervalMs: number, now: () => number = () => performance.now()): (key: string) => boolean {
  const told = new Map<string, number>()
  return (key) => {
    const last = told.get(key)
    if (last !== undefined && now() - last < intervalMs) return false
    told.set(key, now())
    return true
  }
}
