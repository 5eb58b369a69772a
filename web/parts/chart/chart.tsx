import { useEffect, useRef, useState } from 'preact/hooks'
import type { History, HistorySeries } from '../../../src/api/contract.ts'
import { isDark } from '../../app/theme.ts'
import { nearestMarker } from './nearest-marker.ts'
import type { ChartSeries } from './chart-series.ts'
import type { Plot } from './plot.ts'

interface ChartProps {
  readonly title: string
  readonly format: (value: number | null) => string
  /** Ticks at powers of two. */
  readonly isBinary?: boolean
  readonly series: readonly ChartSeries[]
  readonly history: History
  /** Milliseconds since 1970. */
  readonly range: readonly [number, number]
  readonly onZoom: (range: readonly [number, number] | undefined) => void
}

/** One chart of several that share cursor and range. Dragging over it looks closer; a double click looks at all again. */
export function Chart({ title, format, isBinary, series, history, range, onZoom }: ChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot | undefined>(undefined)
  const [hidden, setHidden] = useState<ReadonlySet<HistorySeries>>(new Set())
  const [cursor, setCursor] = useState<number | null>(null)
  const latest = useRef({ history, range, hidden })
  latest.current = { history, range, hidden }

  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    let isGone = false
    // The chart library is loaded when there is something to draw.
    void import('./plot.ts').then(({ Plot }) => {
      if (isGone) return
      plot.current = new Plot(element, {
        series,
        format,
        isBinary: isBinary ?? false,
        onCursor: setCursor,
        onZoom
      })
      plot.current.show(latest.current)
    })
    return () => {
      isGone = true
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [isDark.value, title])

  useEffect(() => plot.current?.show({ history, range, hidden }), [history, range[0], range[1], hidden])

  const index = cursor ?? history.at.length - 1
  const at = history.at[index]
  const marker = cursor !== null && at !== undefined ? nearestMarker(history.markers, at, range) : undefined
  const toggle = (name: HistorySeries) => {
    const next = new Set(hidden)
    if (!next.delete(name)) next.add(name)
    setHidden(next)
  }
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        {marker && <span class="chart-marker">{marker.text}</span>}
        <span class="chart-legend">
          {series.map(({ name, label, color }) => (
            <button
              key={name}
              type="button"
              class="bare small"
              aria-pressed={!hidden.has(name)}
              title={hidden.has(name) ? `Show ${label}` : `Hide ${label}`}
              onClick={() => toggle(name)}
            >
              <span class={`swatch ${color.slice(2)}`} />
              {label}
              <data value={String(history.series[name][index] ?? '')}>
                {format(history.series[name][index] ?? null)}
              </data>
            </button>
          ))}
        </span>
      </figcaption>
      <div
        class="chart-host"
        ref={host}
        role="img"
        aria-label={`${title} over time. ${series
          .map(({ name, label }) => `${label}: ${format(history.series[name].at(-1) ?? null)}`)
          .join(', ')}`}
      />
    </figure>
  )
}
