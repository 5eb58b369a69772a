import pico from 'picocolors'
import type { JobSnapshot } from '../job/job-types.ts'
import { lagOf } from '../job/lag-of.ts'
import { formatBytes, formatCount, formatSeconds, plural } from '../model/format-quantities.ts'
import { describePauses, describeRate } from '../model/describe-flow.ts'
import type { JobState } from '../model/job-state.ts'
import { isPausing, pauseTest } from '../model/pauses.ts'
import { isLimited } from '../model/rate.ts'
import { partitionName } from '../model/topic-partition.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import { describeLatency, describeLimits } from './describe-limits.ts'
import { fitLine } from './fit-line.ts'
import type { JobView } from './job-view.ts'
import { type Column, renderTable } from './render-table.ts'
import { type TopicProgress, topicProgress, totalLag } from './topic-progress.ts'

export interface LiveSize {
  readonly columns: number
  readonly rows: number
}

const MAX_PARTITION_ROWS = 8

const TOPIC_COLUMNS: readonly Column[] = [
  { title: 'topic' },
  { title: 'target' },
  { title: 'partitions', align: 'right' },
  { title: 'records', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'lag', align: 'right' },
  { title: 'state' }
]

const PARTITION_COLUMNS: readonly Column[] = [
  { title: 'most lag' },
  { title: 'delivered to', align: 'right' },
  { title: 'end', align: 'right' },
  { title: 'lag', align: 'right' },
  { title: 'state' }
]

/** The live table: never higher or wider than the terminal. */
export function renderLive(view: JobView, { columns, rows }: LiveSize, color: boolean): readonly string[] {
  const lines = [...renderHead(view, color)]
  // One row stays free for the cursor.
  const room = rows - 1 - lines.length
  const topics = renderTopics(topicProgress(view.snapshot.partitions), room - 1, color)
  if (topics.length > 0) lines.push('', ...topics)
  const left = rows - 1 - lines.length - 2
  const partitions = renderPartitions(view.snapshot, Math.min(left, MAX_PARTITION_ROWS), color)
  if (partitions.length > 0) lines.push('', ...partitions)
  return lines.slice(0, Math.max(1, rows - 1)).map((line) => fitLine(line, columns))
}

function renderHead({ snapshot, rates }: JobView, color: boolean): readonly string[] {
  const { bold, dim } = pico.createColors(color)
  const { name, state, seconds, totals, workers, restarts, partitions } = snapshot
  const inFlight = workers.reduce((sum, { inFlightBytes }) => sum + inFlightBytes, 0)
  const limit = workers.reduce((sum, { inFlightLimit }) => sum + inFlightLimit, 0)
  const memory = workers.reduce((sum, { rssBytes }) => sum + rssBytes, 0)
  const lag = totalLag(partitions)
  const latency = describeLatency(snapshot.replicationLatency.recent)
  const facts = [
    `${plural(totals.records, 'record')}`,
    formatBytes(totals.bytes),
    bold(`${formatCount(rates.recordsPerSecond)} records/s`),
    bold(`${formatBytes(rates.bytesPerSecond)}/s`),
    `lag ${lag === undefined ? '?' : formatCount(lag)}`,
    ...(latency === undefined ? [] : [latency])
  ]
  const machine = [
    `in flight ${formatBytes(inFlight)} of ${formatBytes(limit)}`,
    `${plural(workers.length, 'worker')} (${formatBytes(memory)})`,
    plural(restarts, 'restart'),
    ...(totals.altered > 0 ? [`altered ${formatCount(totals.altered)}`] : []),
    ...(totals.deadLettered > 0 ? [`dead letters ${formatCount(totals.deadLettered)}`] : []),
    ...(totals.skipped > 0 ? [`skipped ${formatCount(totals.skipped)}`] : [])
  ]
  return [
    `${bold(escapeControls(name))}  ${paintState(state, color)}  ${formatSeconds(seconds)}`,
    `  ${facts.join('   ')}`,
    dim(`  ${machine.join('   ')}`),
    ...renderFlow(snapshot, color),
    ...renderLimits(snapshot, color),
    ...renderStuck(snapshot, color)
  ]
}

/** What the user has limited or paused, if anything. */
function renderFlow({ rate, pauses }: JobSnapshot, color: boolean): readonly string[] {
  const { yellow } = pico.createColors(color)
  const facts = [
    ...(isLimited(rate) ? [`may copy ${describeRate(rate)}`] : []),
    ...(isPausing(pauses) ? [describePauses(pauses)] : [])
  ]
  return facts.length === 0 ? [] : [yellow(`  ${facts.join('   ')}`)]
}

/** Partitions that make no progress, and why the first of them does not. */
function renderStuck({ stuck }: JobSnapshot, color: boolean): readonly string[] {
  const first = stuck.find(({ reason }) => reason.code !== 'MR_STUCK_PAUSED')
  if (first === undefined) return []
  const { red } = pico.createColors(color)
  const { code, message } = first.reason
  const name = escapeControls(partitionName(first))
  return [red(`  ${plural(stuck.length, 'partition')} without progress: ${name}, ${code}: ${escapeControls(message)}`)]
}

/** Which side limits, and what to do about it. */
function renderLimits({ state, limits }: JobSnapshot, color: boolean): readonly string[] {
  const limit = state === 'RUNNING' ? describeLimits(limits.recent) : undefined
  if (limit === undefined) return []
  const { bold, dim } = pico.createColors(color)
  return [`  ${bold(limit.what)}${limit.hint === undefined ? '' : dim(`: ${limit.hint} (docs/tuning.md)`)}`]
}

/** At most `room` lines, the title included; where they don't suffice, the topics with the most lag. */
function renderTopics(topics: readonly TopicProgress[], room: number, color: boolean): readonly string[] {
  const all = topics.length + 1 <= room
  const shown = all ? topics : byLag(topics, ({ lag }) => lag).slice(0, Math.max(0, room - 2))
  const lines = renderTable(
    TOPIC_COLUMNS,
    shown.map(({ topic, target, partitions, records, bytes, lag, state }) => [
      escapeControls(topic),
      escapeControls(target),
      formatCount(partitions),
      formatCount(records),
      formatBytes(bytes),
      lag === undefined ? '?' : formatCount(lag),
      paintProgress(state, color)
    ]),
    color
  )
  const hidden = topics.length - shown.length
  return all || lines.length === 0 ? lines : [...lines, `… and ${plural(hidden, 'topic')} with less lag`]
}

/** The partitions that are furthest behind, when there is something to say beyond the topics. */
function renderPartitions(snapshot: JobSnapshot, room: number, color: boolean): readonly string[] {
  const behind = snapshot.partitions.filter((partition) => (lagOf(partition) ?? 0) > 0)
  const stuck = new Set(snapshot.stuck.map(partitionName))
  const isPaused = pauseTest(snapshot.pauses)
  const oneEach = new Set(behind.map(({ topic }) => topic)).size === snapshot.partitions.length
  if (room < 1 || oneEach) return []
  return renderTable(
    PARTITION_COLUMNS,
    byLag(behind, lagOf)
      .slice(0, room)
      .map((partition) => [
        escapeControls(partitionName(partition)),
        formatCount(partition.to),
        formatCount(partition.end ?? 0),
        formatCount(lagOf(partition) ?? 0),
        paintProgress(
          stuck.has(partitionName(partition)) ? 'stuck' : isPaused(partition) ? 'paused' : partition.state,
          color
        )
      ]),
    color
  )
}

function byLag<T>(all: readonly T[], lag: (one: T) => number | undefined): T[] {
  return [...all].sort((a, b) => (lag(b) ?? -1) - (lag(a) ?? -1))
}

export function paintState(state: JobState, color: boolean): string {
  const { green, red, yellow, cyan } = pico.createColors(color)
  if (state === 'COMPLETED') return green(state)
  if (state === 'FAILED' || state === 'AUTH_FAILED') return red(state)
  return state === 'RUNNING' ? cyan(state) : yellow(state)
}

function paintProgress(state: string, color: boolean): string {
  const { green, red } = pico.createColors(color)
  if (state === 'completed') return green(state)
  return /stopped|deleted/.test(state) || state === 'stuck' ? red(state) : state
}
