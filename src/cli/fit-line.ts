/** Escape sequences that only change colours, as picocolors writes them. */
const SGR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g')

/** Columns that a line takes on a terminal, colours aside. */
export function lineWidth(line: string): number {
  return [...line.replace(SGR, '')].length
}

/** The line cut to so many columns; colours that were begun are ended. */
export function fitLine(line: string, columns: number): string {
  if (lineWidth(line) <= columns) return line
  let width = 0
  let fitted = ''
  let from = 0
  const take = (text: string): void => {
    for (const character of text) {
      if (width >= columns - 1) return
      fitted += character
      width += 1
    }
  }
  for (const match of line.matchAll(SGR)) {
    take(line.slice(from, match.index))
    fitted += match[0]
    from = match.index + match[0].length
  }
  take(line.slice(from))
  return columns > 0 ? `${fitted}…` : ''
}
