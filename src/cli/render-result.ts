import type { PartitionProgress } from '../job/job-progress.ts'
import type { JobResult, JobSummary } from '../job/job-types.ts'
import { groupBy } from '../mapping/group-by.ts'
import { formatBytes, formatCount, formatSeconds, plural } from '../model/format-quantities.ts'
import type { Loss } from '../model/loss.ts'
import { partitionName } from '../model/topic-partition.ts'
import { describeRange } from '../telemetry/describe-range.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import { renderFindings } from './render-findings.ts'
import { paintState } from './render-live.ts'
import { type Column, renderTable } from './render-table.ts'

/** A job with thousands of partitions must not push its own result off the screen. */
const MOST_LINES = 30

const TOPICS: readonly Column[] = [
  { title: 'topic' },
  { title: 'target' },
  { title: 'partitions', align: 'right' },
  { title: 'records', align: 'right' }
]

/** What a run did, for people: what was copied, what was altered, what stopped by itself, what may be copied again. */
export function renderResult(result: JobResult, color: boolean): readonly string[] {
  const { summary, refusals, stopped, losses, mayRepeat } = result
  return [
    headline(summary, color),
    ...renderTopics(summary, color),
    ...(summary.altered > 0
      ? [
          '',
          `${plural(summary.altered, 'record')} did not keep the timestamp: 0 can't be written and became the time of copying.`
        ]
      : []),
    ...renderSetAside(summary),
    ...section('Lost:', losses.map(describeLoss)),
    ...section('Stopped by themselves:', stopped.map(describeStopped)),
    ...section('May be copied again by the next run:', mayRepeat.map(describeRange)),
    ...(refusals.length === 0
      ? []
      : ['', 'Nothing was started, nothing was changed.', ...renderFindings(refusals, 'refused', color)])
  ]
}

function headline({ name, state, records, bytes, seconds }: JobSummary, color: boolean): string {
  const speed =
    seconds > 0 && records > 0
      ? ` (${formatCount(records / seconds)} records/s, ${formatBytes(bytes / seconds)}/s)`
      : ''
  return `${escapeControls(name)} ${paintState(state, color)} after ${formatSeconds(seconds)}: ${plural(records, 'record')}, ${formatBytes(bytes)}${speed}`
}

function renderTopics({ partitions }: JobSummary, color: boolean): readonly string[] {
  const rows = [...groupBy(partitions, ({ topic }) => topic)].map(([topic, ofTopic]) => [
    escapeControls(topic),
    escapeControls(ofTopic[0]?.target.topic ?? ''),
    formatCount(ofTopic.length),
    formatCount(ofTopic.reduce((sum, { records }) => sum + records, 0))
  ])
  return bounded(renderTable(TOPICS, rows, color))
}

function renderSetAside({ deadLettered, skipped }: JobSummary): readonly string[] {
  if (deadLettered + skipped === 0) return []
  const parts = [
    ...(deadLettered > 0 ? [`${plural(deadLettered, 'record')} became dead letters`] : []),
    ...(skipped > 0 ? [`${plural(skipped, 'record')} ${skipped === 1 ? 'was' : 'were'} skipped`] : [])
  ]
  return ['', `The target refused records: ${parts.join(', ')}. audit.jsonl in stateDir has each.`]
}

function describeStopped({ topic, partition, to, reason }: PartitionProgress): string {
  const where = `${partitionName({ topic, partition })} at offset ${to}`
  return reason === undefined ? where : `${where}, ${reason.code}: ${reason.message} Next: ${reason.next}`
}

function describeLoss({ topic, partition, outcome, reason }: Loss): string {
  return `${partitionName({ topic, partition })} (${outcome}): ${reason.message}`
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  return ['', title, ...bounded(lines.map((line) => `  ${escapeControls(line)}`))]
}

function bounded(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines
  return [...lines.slice(0, MOST_LINES), `  … and ${formatCount(lines.length - MOST_LINES)} more (-o json has all)`]
}
