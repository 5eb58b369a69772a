import pico from 'picocolors'
import type { Job, JobListItem, LogLine, PartitionRow, Reason } from '../../api/contract.ts'
import { formatBytes, formatCount, formatSeconds, plural } from '../../model/format-quantities.ts'
import { escapeControls } from '../../telemetry/log/escape-controls.ts'
import { type Column, renderTable } from '../render-table.ts'

const LIST: readonly Column[] = [
  { title: 'name' },
  { title: 'state' },
  { title: 'source' },
  { title: 'target' },
  { title: 'records/s', align: 'right' },
  { title: 'lag', align: 'right' },
  { title: 'partitions', align: 'right' },
  { title: 'alarms', align: 'right' }
]

export function renderJobList(jobs: readonly JobListItem[], color: boolean): readonly string[] {
  return renderTable(
    LIST,
    jobs.map(({ name, state, source, target, figures, partitions, alarms }) => [
      escapeControls(name),
      paint(state, color),
      escapeControls(source),
      escapeControls(target),
      figures === null ? '-' : formatCount(Math.round(figures.rates.recordsOut)),
      figures === null ? '-' : known(figures.lagRecords),
      partitions.stopped === 0 ? formatCount(partitions.total) : `${partitions.total} (${partitions.stopped} stopped)`,
      alarms.critical + alarms.warning === 0 ? '-' : String(alarms.critical + alarms.warning)
    ]),
    color
  )
}

const PARTITIONS: readonly Column[] = [
  { title: 'partition' },
  { title: 'target' },
  { title: 'copied to', align: 'right' },
  { title: 'end', align: 'right' },
  { title: 'lag', align: 'right' },
  { title: 'records/s', align: 'right' },
  { title: 'state' }
]

/** @param worst the partitions that are shown, of `total` */
export function renderJob(job: Job, worst: readonly PartitionRow[], total: number, color: boolean): readonly string[] {
  const { bold } = pico.createColors(color)
  const { figures } = job
  return [
    `${bold(escapeControls(job.name))}  ${paint(job.state, color)}  revision ${job.revision}`,
    `  ${escapeControls(job.sentence)}`,
    ...(job.reason === null ? [] : reasonLines(job.reason)),
    ...(figures === null
      ? []
      : [
          `  ${plural(figures.records, 'record')}   ${formatBytes(figures.bytes)}   ` +
            `${formatCount(Math.round(figures.rates.recordsOut))} records/s   lag ${known(figures.lagRecords)}` +
            (figures.lagSeconds === null ? '' : ` (${formatSeconds(figures.lagSeconds)})`)
        ]),
    ...(job.restartNeeded.length === 0
      ? []
      : [`  Takes effect when it is started again: ${job.restartNeeded.map(escapeControls).join(', ')}.`]),
    ...(worst.length === 0 ? [] : ['', ...renderTable(PARTITIONS, worst.map(partitionCells), color)]),
    ...(total > worst.length
      ? [`… and ${plural(total - worst.length, 'partition')} with less lag (-o json has all)`]
      : [])
  ]
}

export function renderLogLine({ at, level, message }: LogLine, color: boolean): string {
  const { dim, red, yellow } = pico.createColors(color)
  const painted = level === 'error' ? red(level) : level === 'warn' ? yellow(level) : level
  return `${dim(new Date(at).toISOString())} ${painted} ${escapeControls(message)}`
}

function partitionCells({ topic, partition, target, to, end, lag, recordsPerSecond, state, reason }: PartitionRow) {
  return [
    escapeControls(`${topic}-${partition}`),
    escapeControls(target),
    known(to),
    known(end),
    known(lag),
    formatCount(Math.round(recordsPerSecond)),
    reason === null ? state : `${state}, ${reason.code}`
  ]
}

export function reasonLines({ code, message, next }: Reason): readonly string[] {
  return [`  ${code}: ${escapeControls(message)}`, ...(next === null ? [] : [`  Next: ${escapeControls(next)}`])]
}

function known(count: number | null): string {
  return count === null ? '?' : formatCount(count)
}

function paint(state: string, color: boolean): string {
  const { green, yellow, red, cyan, dim } = pico.createColors(color)
  if (state === 'RUNNING') return green(state)
  if (state === 'DEGRADED') return yellow(state)
  if (state === 'FAILED' || state === 'AUTH_FAILED') return red(state)
  return state === 'STARTING' || state === 'STOPPING' ? cyan(state) : dim(state)
}
