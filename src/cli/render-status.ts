import pico from 'picocolors'
import type { ControlledPartition, JobStatus } from '../job/control/job-control.ts'
import { describePauses, describeRate } from '../model/describe-flow.ts'
import { formatBytes, formatCount, formatSeconds, plural } from '../model/format-quantities.ts'
import { partitionName } from '../model/topic-partition.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import { describeLimits } from './describe-limits.ts'
import { paintState } from './render-live.ts'
import { type Column, renderTable } from './render-table.ts'

const MOST_ROWS = 20

const COLUMNS: readonly Column[] = [
  { title: 'partition' },
  { title: 'target' },
  { title: 'delivered to', align: 'right' },
  { title: 'end', align: 'right' },
  { title: 'lag', align: 'right' },
  { title: 'state' }
]

/** What `millrace control NAME status` prints for people: the partitions that are furthest behind, the stuck ones first. */
export function renderStatus(status: JobStatus, color: boolean): readonly string[] {
  const { bold, dim, yellow } = pico.createColors(color)
  const { name, state, pid, seconds, records, bytes, rate, paused, lag, limits } = status
  const limit = state === 'RUNNING' ? describeLimits(limits) : undefined
  const partitions = [...status.partitions].sort(
    (a, b) => Number(b.stuck !== null) - Number(a.stuck !== null) || (b.lag ?? -1) - (a.lag ?? -1)
  )
  const hidden = partitions.length - MOST_ROWS
  const rateNow = {
    ...(rate.bytes !== null && { bytes: rate.bytes }),
    ...(rate.records !== null && { records: rate.records })
  }
  return [
    `${bold(escapeControls(name))}  ${paintState(state, color)}  ${formatSeconds(seconds)}  ${dim(`process ${pid}`)}`,
    `  ${plural(records, 'record')}   ${formatBytes(bytes)}   lag ${lag === null ? '?' : formatCount(lag)}`,
    `  It may copy ${describeRate(rateNow)}. ${describePauses(paused)}`,
    ...(limit === undefined ? [] : [`  ${limit.what}`]),
    ...(partitions.length === 0 ? [] : ['', ...renderTable(COLUMNS, partitions.slice(0, MOST_ROWS).map(row), color)]),
    ...(hidden > 0 ? [`… and ${plural(hidden, 'partition')} with less lag (-o json has all)`] : []),
    ...stuckReasons(status.partitions).flatMap(({ what, message, next }) => [
      '',
      `${yellow(what)}: ${escapeControls(message)}`,
      `  Next: ${escapeControls(next)}`
    ])
  ]
}

function row({ target, to, end, lag, state, paused, stuck, ...partition }: ControlledPartition): readonly string[] {
  return [
    escapeControls(partitionName(partition)),
    escapeControls(target),
    formatCount(to),
    end === null ? '?' : formatCount(end),
    lag === null ? '?' : formatCount(lag),
    stuck !== null ? `stuck, ${stuck.code}` : paused ? 'paused' : state
  ]
}

/** Each reason once, with how many partitions it holds. */
function stuckReasons(partitions: readonly ControlledPartition[]) {
  const byCode = new Map<string, { count: number; first: ControlledPartition; message: string; next: string }>()
  for (const partition of partitions) {
    if (partition.stuck === null) continue
    const { code, message, next } = partition.stuck
    const known = byCode.get(code)
    if (known === undefined) byCode.set(code, { count: 1, first: partition, message, next })
    else known.count += 1
  }
  return [...byCode].map(([code, { count, first, message, next }]) => ({
    what: `${code} (${count === 1 ? escapeControls(partitionName(first)) : plural(count, 'partition')})`,
    message,
    next
  }))
}
