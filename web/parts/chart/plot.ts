import UPlot, { type AlignedData, type Options } from 'uplot'
import type { History, HistorySeries } from '../../../src/api/contract.ts'
import { axisLabels, axisTimes, binaryIncrements } from './axis-values.ts'
import type { ChartSeries } from './chart-series.ts'

interface PlotOptions {
  readonly series: readonly ChartSeries[]
  readonly format: (value: number | null) => string
  readonly isBinary: boolean
  /** Index into the history; null = the pointer is elsewhere. */
  readonly onCursor: (index: number | null) => void
  readonly onZoom: (range: readonly [number, number] | undefined) => void
}

interface Shown {
  readonly history: History
  readonly range: readonly [number, number]
  readonly hidden: ReadonlySet<HistorySeries>
}

const HEIGHT = 168
const FONT = '11px system-ui, sans-serif'
/** All charts of a page share their cursor. */
const SYNC = 'console'
const MARKER_TOKENS = {
  alarm: '--state-failed',
  restart: '--state-degraded',
  rebalance: '--state-moving',
  state: '--line-strong'
} as const

/**
 * uPlot with our colours, axes and markers.
 *
 * Invariant: as wide as its host; draws what `show` was told last.
 */
export class Plot {
  private readonly host: HTMLElement
  private readonly options: PlotOptions
  private readonly plot: UPlot
  private readonly resized: ResizeObserver
  private shown: Shown | undefined

  constructor(host: HTMLElement, options: PlotOptions) {
    this.host = host
    this.options = options
    this.plot = new UPlot(this.uplotOptions(), [[], ...options.series.map(() => [])] as AlignedData, host)
    this.resized = new ResizeObserver(() => this.plot.setSize({ width: host.clientWidth, height: HEIGHT }))
    this.resized.observe(host)
  }

  show(shown: Shown): void {
    this.shown = shown
    const { history, hidden } = shown
    this.options.series.forEach(({ name }, index) => {
      const isShown = !hidden.has(name)
      if (this.plot.series[index + 1]?.show !== isShown) this.plot.setSeries(index + 1, { show: isShown })
    })
    const columns = this.options.series.map(({ name }) => [...history.series[name]])
    this.plot.setData([history.at.map((at) => at / 1000), ...columns])
  }

  destroy(): void {
    this.resized.disconnect()
    this.plot.destroy()
  }

  private uplotOptions(): Options {
    const { series, format, isBinary, onCursor, onZoom } = this.options
    const color = (token: string) => colorOf(this.host, token)
    const axis = { stroke: color('--text-quiet'), font: FONT, ticks: { show: false } }
    const grid = { stroke: color('--line'), width: 1 }
    return {
      width: this.host.clientWidth,
      height: HEIGHT,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: SYNC },
        y: false,
        points: { size: 6 },
        drag: { x: true, y: false, setScale: false },
        bind: {
          dblclick: () => () => {
            onZoom(undefined)
            return null
          }
        }
      },
      scales: {
        x: { time: true, range: () => this.seconds() },
        y: { range: (_, _low, high) => [0, high > 0 ? high * 1.08 : 1] }
      },
      axes: [
        {
          ...axis,
          grid,
          size: 26,
          space: 64,
          values: (_, splits, _axis, _space, increment) => axisTimes(splits, increment)
        },
        {
          ...axis,
          grid,
          size: 62,
          space: 32,
          ...(isBinary && { incrs: binaryIncrements() }),
          values: (_, splits) => (this.isEmpty() ? splits.map(() => '') : axisLabels(splits, format))
        }
      ],
      series: [
        {},
        ...series.map(({ label, color: token }) => ({
          label,
          stroke: color(token),
          width: 1.5,
          points: { show: false },
          spanGaps: false
        }))
      ],
      hooks: {
        setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select
            if (width < 4) return
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
            onZoom([plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000])
          }
        ],
        draw: [(plot) => this.drawMarkers(plot)]
      }
    }
  }

  private isEmpty(): boolean {
    const series = this.shown?.history.series
    return !series || this.options.series.every(({ name }) => series[name].every((value) => value === null))
  }

  private seconds(): [number, number] {
    const [from, to] = this.shown?.range ?? [0, 1000]
    return [from / 1000, to / 1000]
  }

  private drawMarkers({ ctx, bbox, valToPos }: UPlot): void {
    const [from, to] = this.seconds()
    const pixels = window.devicePixelRatio
    ctx.save()
    ctx.lineWidth = pixels
    for (const { at, kind } of this.shown?.history.markers ?? []) {
      if (at / 1000 < from || at / 1000 > to) continue
      const x = Math.round(valToPos(at / 1000, 'x', true))
      ctx.strokeStyle = ctx.fillStyle = colorOf(this.host, MARKER_TOKENS[kind])
      ctx.setLineDash([3 * pixels, 3 * pixels])
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
      ctx.beginPath()
      ctx.moveTo(x - 4 * pixels, bbox.top)
      ctx.lineTo(x + 4 * pixels, bbox.top)
      ctx.lineTo(x, bbox.top + 6 * pixels)
      ctx.fill()
    }
    ctx.restore()
  }
}

/** A canvas knows no custom properties and no light-dark(): the browser resolves them on an element. */
function colorOf(host: HTMLElement, token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  host.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
