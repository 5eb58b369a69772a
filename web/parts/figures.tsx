import { now } from '../app/clock.ts'
import { formatAgo, formatDuration } from '../format/durations.ts'
import { formatBytes, formatBytesRate, formatCount, formatExact, formatRate } from '../format/numbers.ts'
import { formatClock, formatTime, formatUtc, zoneOf } from '../format/times.ts'

interface Value {
  readonly value: number | null
}

/** A number that is short to read and exact on hover. */
function Figure({ value, short, exact }: Value & { readonly short: string; readonly exact: string }) {
  if (value === null || !Number.isFinite(value)) {
    return (
      <span class="nothing" title="Not known">
        –
      </span>
    )
  }
  return (
    <data value={String(value)} title={exact}>
      {short}
    </data>
  )
}

export function Count({ value }: Value) {
  return <Figure value={value} short={formatCount(value)} exact={formatExact(value)} />
}

export function Rate({ value }: Value) {
  return <Figure value={value} short={formatRate(value)} exact={`${formatExact(value)} records a second`} />
}

export function Bytes({ value }: Value) {
  return <Figure value={value} short={formatBytes(value)} exact={`${formatExact(value)} bytes`} />
}

export function BytesRate({ value }: Value) {
  return <Figure value={value} short={formatBytesRate(value)} exact={`${formatExact(value)} bytes a second`} />
}

/** Of milliseconds. */
export function Duration({ value }: Value) {
  return <Figure value={value} short={formatDuration(value)} exact={`${formatExact(value)} ms`} />
}

/** In the zone of the browser; UTC on hover. In tables the zone stands in the head of the column (`zone={false}`). */
export function Time({
  at,
  zone = true,
  short = false
}: {
  readonly at: number | null
  readonly zone?: boolean
  readonly short?: boolean
}) {
  if (at === null) return <span class="nothing">–</span>
  return (
    <time dateTime={new Date(at).toISOString()} title={formatUtc(at)}>
      {short ? formatClock(at, now.value) : formatTime(at)}
      {zone && <span class="quiet-text"> {zoneOf(at)}</span>}
    </time>
  )
}

export function Ago({ at }: { readonly at: number | null }) {
  if (at === null) return <span class="nothing">–</span>
  return (
    <time dateTime={new Date(at).toISOString()} title={`${formatTime(at)} ${zoneOf(at)}, ${formatUtc(at)}`}>
      {formatAgo(at, now.value)}
    </time>
  )
}
