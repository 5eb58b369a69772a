import type { BarPlot } from '../suite-results.ts'
import { formatFigure } from './format-figure.ts'
import { round, svgDocument, text } from './svg-document.ts'

const WIDTH = 720
const TOP = 48
const BAR = 16
const STEP = 21
const GROUP_HEAD = 24
const GROUP_GAP = 14
const LEFT = 150
/** For the figure behind the longest bar. */
const RIGHT = 90
const OURS = 'millrace'

/** Lying bars, each with its name and figure: nobody has to look up a colour. Ours stands out. */
export function drawBars({ title, unit, groups }: BarPlot): string {
  const parts: string[] = []
  let y = TOP
  for (const { name, bars } of groups) {
    parts.push(text(16, y + 12, name, 'title'))
    y += GROUP_HEAD
    const largest = Math.max(...bars.map(({ value }) => value))
    for (const { series, value } of bars) {
      const width = largest > 0 ? (value / largest) * (WIDTH - LEFT - RIGHT) : 0
      const kind = series.startsWith(OURS) ? 'ours' : 'other'
      parts.push(
        text(LEFT - 8, y + 12, series, '', 'end'),
        `<rect class="${kind}" x="${LEFT}" y="${round(y)}" width="${round(width)}" height="${BAR}"/>`,
        text(LEFT + width + 6, y + 12, formatFigure(value), 'quiet')
      )
      y += STEP
    }
    y += GROUP_GAP
  }
  return svgDocument({ width: WIDTH, height: y }, `${title}, ${unit}`, parts)
}
