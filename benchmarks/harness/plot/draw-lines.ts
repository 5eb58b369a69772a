import type { LinePlot } from '../suite-results.ts'
import { formatFigure } from './format-figure.ts'
import { scaleOf } from './scale.ts'
import { COLOURS, round, svgDocument, text } from './svg-document.ts'

const WIDTH = 720
/** Of the axes. */
const AXIS_HEIGHT = 236
const LEFT = 80
const RIGHT = 40
/** Above the axes: title and the name of what goes up; the legend comes between. */
const TOP = 56
const LEGEND_TOP = 42
const LEGEND_ROW = 18
const BOTTOM = 52
/** Between the entries of the legend, besides their letters. */
const LEGEND_GAP = 40
const LETTER = 7

/** Points on lines, over axes with round numbers. */
export function drawLines({ title, x, y, series }: LinePlot): string {
  const points = series.flatMap((each) => each.points)
  const across = scaleOf(
    points.map(([value]) => value),
    x
  )
  const up = scaleOf(
    points.map(([, value]) => value),
    y
  )
  const names = legend(series.map(({ name }) => name))
  const top = TOP + names.rows * LEGEND_ROW
  const bottom = top + AXIS_HEIGHT
  const atX = (value: number): number => LEFT + across.place(value) * (WIDTH - LEFT - RIGHT)
  const atY = (value: number): number => bottom - up.place(value) * AXIS_HEIGHT
  return svgDocument({ width: WIDTH, height: bottom + BOTTOM }, title, [
    ...names.entries,
    ...up.ticks.flatMap((tick) => [
      horizontal(atY(tick)),
      text(LEFT - 8, atY(tick) + 4, formatFigure(tick), 'quiet', 'end')
    ]),
    ...across.ticks.map((tick) => text(atX(tick), bottom + 18, formatFigure(tick), 'quiet', 'middle')),
    `<path class="axis" fill="none" d="M${LEFT} ${top}V${bottom}H${WIDTH - RIGHT}"/>`,
    text(WIDTH - RIGHT, bottom + BOTTOM - 10, x.title, '', 'end'),
    text(16, top - 10, y.title),
    ...series.map((each, index) => {
      const places = each.points.map(([a, b]) => `${round(atX(a))} ${round(atY(b))}`)
      const dots = each.points.map(
        ([a, b]) => `<circle class="dot" cx="${round(atX(a))}" cy="${round(atY(b))}" r="3.5"/>`
      )
      return `<g class="c${index % COLOURS}"><path class="line" d="M${places.join('L')}"/>${dots.join('')}</g>`
    })
  ])
}

function horizontal(y: number): string {
  return `<path class="grid" d="M${LEFT} ${round(y)}H${WIDTH - RIGHT}"/>`
}

/** In rows as long as the picture is wide. */
function legend(names: readonly string[]): { readonly entries: readonly string[]; readonly rows: number } {
  let x = LEFT
  let row = 0
  const entries = names.map((name, index) => {
    const length = name.length * LETTER + LEGEND_GAP
    if (x > LEFT && x + length > WIDTH) {
      x = LEFT
      row += 1
    }
    const y = LEGEND_TOP + row * LEGEND_ROW
    const dot = `<circle class="dot" cx="${x}" cy="${y}" r="5"/>`
    const entry = `<g class="c${index % COLOURS}">${dot}${text(x + 10, y + 4, name)}</g>`
    x += length
    return entry
  })
  return { entries, rows: row + 1 }
}
