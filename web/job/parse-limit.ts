/** '' = null (no limit); undefined = no number above 0. Rounded to whole units. */
export function parseLimit(text: string, unit: number): number | null | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (!/^\d+(\.\d+)?$/.test(trimmed)) return undefined
  const value = Math.round(Number(trimmed) * unit)
  return value > 0 && Number.isSafeInteger(value) ? value : undefined
}
