/** SVG paths in a box of `width` × `height`: y from zero, gaps as gaps. '' = nothing to draw. */
export function sparklinePath(
  values: readonly (number | null)[],
  width: number,
  height: number
): { readonly line: string; readonly area: string } {
  const most = Math.max(0, ...values.map((value) => value ?? 0))
  const step = width / Math.max(1, values.length - 1)
  const y = (value: number) => round(most === 0 ? height : height - (value / most) * height)
  let line = ''
  let area = ''
  for (let begin = 0; begin < values.length; begin++) {
    if (values[begin] === null || values[begin] === undefined) continue
    let end = begin
    const points: string[] = []
    for (; end < values.length; end++) {
      const value = values[end]
      if (value === null || value === undefined) break
      points.push(`${String(round(end * step))} ${String(y(value))}`)
    }
    // A single value between two gaps is a short stroke, or it would not be seen.
    line += points.length === 1 ? `M${points[0] ?? ''}h1` : `M${points.join('L')}`
    area += `M${String(round(begin * step))} ${String(height)}L${points.join('L')}L${String(round((end - 1) * step))} ${String(height)}Z`
    begin = end
  }
  return { line, area }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
