import type { Plot } from '../suite-results.ts'
import { drawBars } from './draw-bars.ts'
import { drawLines } from './draw-lines.ts'

export function drawPlot(plot: Plot): string {
  return plot.kind === 'bars' ? drawBars(plot) : drawLines(plot)
}
