export interface RowWindow {
  /** Index of the first row that is drawn. */
  readonly first: number
  /** Index behind the last. */
  readonly end: number
  /** Pixels of the rows that are not drawn. */
  readonly above: number
  readonly below: number
}

/** Which of `count` rows of equal height are drawn, with some more on both sides so that scrolling shows no holes. */
export function rowWindow(
  count: number,
  rowHeight: number,
  scrollTop: number,
  viewHeight: number,
  overscan = 12
): RowWindow {
  // Drawn in steps of the overscan, so that not every pixel of scrolling draws anew. Even: striping keeps still.
  const top = Math.floor(Math.max(0, scrollTop) / rowHeight / overscan) * overscan
  const first = Math.min(Math.max(0, top - overscan), Math.max(0, count - 1))
  const end = Math.min(count, top + Math.ceil(viewHeight / rowHeight) + 2 * overscan)
  return { first, end, above: first * rowHeight, below: (count - end) * rowHeight }
}
