/** Three digits that mean something. */
export function formatFigure(value: number): string {
  const size = Math.abs(value)
  if (size >= 100 || size === 0) return Math.round(value).toLocaleString('en')
  if (size >= 10) return trimmed(value.toFixed(1))
  if (size >= 0.01) return trimmed(value.toFixed(2))
  return value.toPrecision(2)
}

function trimmed(decimal: string): string {
  return decimal.replace(/\.?0+$/, '')
}
