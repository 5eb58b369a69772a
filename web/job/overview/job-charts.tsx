import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Job } from '../../../src/api/contract.ts'
import { getHistory } from '../../api/jobs.ts'
import { useLoaded } from '../../api/use-loaded.ts'
import { queryParameter, setQueryParameter } from '../../app/location.ts'
import { formatBytes, formatBytesRate, formatCount, formatRate } from '../../format/numbers.ts'
import { formatDuration } from '../../format/durations.ts'
import { useLive } from '../../live/use-live.ts'
import { Chart } from '../../parts/chart/chart.tsx'
import type { ChartSeries } from '../../parts/chart/chart-series.ts'
import { LoadedView } from '../../parts/view-states.tsx'
import { asRange, RANGES, type RangeName } from './chart-range.ts'
import { addLive } from './live-history.ts'

interface ChartDefinition {
  readonly title: string
  readonly format: (value: number | null) => string
  readonly isBinary?: boolean
  readonly series: readonly ChartSeries[]
}

const records: ChartDefinition = {
  title: 'Throughput, records',
  format: (value) => formatRate(value),
  series: [
    { name: 'recordsIn', label: 'In', color: '--series-2' },
    { name: 'recordsOut', label: 'Out', color: '--series-1' }
  ]
}
const bytes: ChartDefinition = {
  title: 'Throughput, bytes',
  format: formatBytesRate,
  isBinary: true,
  series: [
    { name: 'bytesIn', label: 'In', color: '--series-2' },
    { name: 'bytesOut', label: 'Out', color: '--series-1' }
  ]
}
const OTHERS: readonly ChartDefinition[] = [
  { title: 'Lag, records', format: formatCount, series: [{ name: 'lagRecords', label: 'Lag', color: '--series-3' }] },
  {
    title: 'Replication latency',
    format: formatDuration,
    series: [
      { name: 'latencyP99', label: 'p99', color: '--series-2' },
      { name: 'latencyP50', label: 'p50', color: '--series-1' }
    ]
  },
  {
    title: 'Memory and in flight',
    format: formatBytes,
    isBinary: true,
    series: [
      { name: 'inFlightBytes', label: 'In flight', color: '--series-4' },
      { name: 'memoryBytes', label: 'Memory', color: '--series-3' }
    ]
  }
]

/** A page that stays open reads again what it has only seen as live figures: those are newest values, not means. */
const RELOAD_MS = 5 * 60_000

export function JobCharts({ job }: { readonly job: Job }) {
  const range = asRange(queryParameter('range'), job.startedAt)
  const unit = queryParameter('unit') === 'bytes' ? bytes : records
  const [zoom, setZoom] = useState<readonly [number, number] | undefined>(undefined)
  const [end, setEnd] = useState(Date.now())
  const span = RANGES[range].ms
  const loaded = useLoaded(`history ${job.name} ${range}`, () => {
    const to = Date.now()
    setEnd(to)
    return getHistory(job.name, to - span, to)
  })
  useLive((message) => {
    if (message.type === 'reset') loaded.reload()
    if (message.type !== 'job' || message.job.name !== job.name) return
    const now = Date.now()
    setEnd(now)
    const { figures, endedAt } = message.job
    if (figures && endedAt === null) loaded.change((history) => addLive(history, now, figures, now - span))
  })
  useEffect(() => {
    const timer = setInterval(loaded.reload, RELOAD_MS)
    return () => clearInterval(timer)
  }, [loaded.reload])
  const charts = useMemo(() => [unit, ...OTHERS], [unit])
  const shown = zoom ?? ([end - span, end] as const)
  return (
    <section aria-labelledby="charts">
      <div class="row chart-tools">
        <h2 id="charts" class="grow">
          History
        </h2>
        {zoom && (
          <button type="button" class="quiet small" onClick={() => setZoom(undefined)}>
            Whole range
          </button>
        )}
        <Choice
          label="Unit of throughput"
          value={unit === bytes ? 'bytes' : 'records'}
          options={{ records: 'Records', bytes: 'Bytes' }}
          choose={(next) => setQueryParameter('unit', next === 'bytes' ? next : '')}
        />
        <Choice
          label="Range"
          value={range}
          options={{ '5m': RANGES['5m'].label, '1h': RANGES['1h'].label, '24h': RANGES['24h'].label }}
          choose={(next: RangeName) => {
            setZoom(undefined)
            setQueryParameter('range', next)
          }}
        />
      </div>
      <LoadedView loaded={loaded} what="the history">
        {(history) => (
          <div class="charts">
            {charts.map((chart) => (
              <Chart key={chart.title} {...chart} history={history} range={shown} onZoom={setZoom} />
            ))}
          </div>
        )}
      </LoadedView>
    </section>
  )
}

function Choice<Name extends string>({
  label,
  value,
  options,
  choose
}: {
  readonly label: string
  readonly value: Name
  readonly options: Readonly<Record<Name, string>>
  readonly choose: (name: Name) => void
}) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {(Object.keys(options) as Name[]).map((name) => (
        <button key={name} type="button" aria-pressed={name === value} onClick={() => choose(name)}>
          {options[name]}
        </button>
      ))}
    </div>
  )
}
