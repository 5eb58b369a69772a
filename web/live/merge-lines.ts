/** Lines by id, the newest last, none twice, at most `most`: what is too old goes. */
export function mergeLines<Line extends { readonly id: number }>(
  lines: readonly Line[],
  added: readonly Line[],
  most: number
): readonly Line[] {
  if (added.length === 0) return lines
  const last = lines.at(-1)?.id ?? -1
  const inOrder = added.every((line, index) => line.id > (index === 0 ? last : (added[index - 1]?.id ?? last)))
  if (inOrder) return [...lines, ...added].slice(-most)
  const byId = new Map([...lines, ...added].map((line) => [line.id, line]))
  return [...byId.values()].sort((a, b) => a.id - b.id).slice(-most)
}
