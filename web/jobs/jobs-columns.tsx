import type { JobListItem } from '../../src/api/contract.ts'
import { limitingWords } from '../format/limiting-words.ts'
import { plural } from '../format/plural.ts'
import { STATE_WORDS } from '../format/state-words.ts'
import type { Column } from '../parts/column.ts'
import { Ago, BytesRate, Count, Duration, Rate } from '../parts/figures.tsx'
import { Sparkline } from '../parts/sparkline.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { jobHref } from './job-href.ts'

export const JOBS_COLUMNS: readonly Column<JobListItem>[] = [
  {
    id: 'name',
    title: 'Name',
    value: (job) => job.name,
    cell: (job) => (
      <span class="two-lines">
        <a href={jobHref(job.name)}>{job.name}</a>
        <small>
          {job.source} → {job.target}
        </small>
      </span>
    )
  },
  {
    id: 'state',
    title: 'State',
    width: 124,
    value: (job) => STATE_WORDS[job.state].word,
    cell: (job) => (
      <span title={job.reason?.message}>
        <StateMark state={job.state} />
      </span>
    )
  },
  {
    id: 'throughput',
    title: 'Throughput',
    help: 'Records a second that arrive at the target',
    width: 212,
    align: 'end',
    isUnfiltered: true,
    value: (job) => job.figures?.rates.recordsOut ?? null,
    cell: (job) => (
      <span class="with-sparkline">
        <Sparkline values={job.sparkline} label={`Throughput of ${job.name}`} />
        <Rate value={job.figures?.rates.recordsOut ?? null} />
      </span>
    ),
    isWideOnly: true
  },
  {
    id: 'bytes',
    title: 'Bytes',
    width: 110,
    align: 'end',
    isUnfiltered: true,
    isExtra: true,
    isWideOnly: true,
    value: (job) => job.figures?.rates.bytesOut ?? null,
    cell: (job) => <BytesRate value={job.figures?.rates.bytesOut ?? null} />
  },
  {
    id: 'lag',
    title: 'Lag',
    help: 'Records of the source that are not at the target yet',
    width: 92,
    align: 'end',
    isUnfiltered: true,
    value: (job) => job.figures?.lagRecords ?? null,
    cell: (job) => <Count value={job.figures?.lagRecords ?? null} />
  },
  {
    id: 'latency',
    title: 'Latency p99',
    help: 'From the time of a record to its delivery at the target',
    width: 112,
    align: 'end',
    isUnfiltered: true,
    isWideOnly: true,
    value: (job) => job.figures?.replicationLatencyMs?.p99 ?? null,
    cell: (job) => <Duration value={job.figures?.replicationLatencyMs?.p99 ?? null} />
  },
  {
    id: 'limit',
    title: 'Limited by',
    help: 'Which side the job waits for most',
    width: 112,
    isWideOnly: true,
    value: (job) => (job.figures ? limitingWords(job.figures.limiting) : null)
  },
  {
    id: 'topics',
    title: 'Topics',
    width: 84,
    align: 'end',
    isUnfiltered: true,
    isExtra: true,
    isWideOnly: true,
    value: (job) => job.topics,
    cell: (job) => <Count value={job.topics} />
  },
  {
    id: 'partitions',
    title: 'Partitions',
    width: 104,
    align: 'end',
    isUnfiltered: true,
    isWideOnly: true,
    value: (job) => job.partitions.total,
    cell: (job) => <PartitionCounts {...job.partitions} />
  },
  {
    id: 'alarms',
    title: 'Alarms',
    width: 108,
    isUnfiltered: true,
    isWideOnly: true,
    value: (job) => job.alarms.critical * 1000 + job.alarms.warning,
    csv: (job) => job.alarms.critical + job.alarms.warning,
    cell: (job) => <AlarmCounts {...job.alarms} />
  },
  {
    id: 'changed',
    title: 'Changed',
    width: 92,
    align: 'end',
    isUnfiltered: true,
    isExtra: true,
    isWideOnly: true,
    value: (job) => job.changedAt,
    csv: (job) => new Date(job.changedAt).toISOString(),
    cell: (job) => <Ago at={job.changedAt} />
  }
]

function PartitionCounts({ total, stopped, paused, stuck }: JobListItem['partitions']) {
  const bad = stopped + stuck
  return (
    <span
      title={`${plural(total, 'partition')}, ${String(stopped)} stopped, ${String(paused)} paused, ${String(stuck)} stuck`}
    >
      {bad > 0 && <span class="tone-degraded">{bad} of </span>}
      <Count value={total} />
    </span>
  )
}

function AlarmCounts({ critical, warning }: JobListItem['alarms']) {
  if (critical + warning === 0) return <span class="nothing">None</span>
  return (
    <a class="row tight" href="/alarms">
      {critical > 0 && <span class="tag failed">{critical} critical</span>}
      {critical === 0 && <span class="tag degraded">{plural(warning, 'warning')}</span>}
      {critical > 0 && warning > 0 && <span title={plural(warning, 'warning')}>+{warning}</span>}
    </a>
  )
}
