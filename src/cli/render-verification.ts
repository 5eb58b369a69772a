import pico from 'picocolors'
import { formatCount, formatSeconds, plural } from '../model/format-quantities.ts'
import type { PartitionOffset } from '../model/topic-partition.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import { DIFFERENCE_KINDS } from '../verify/difference-list.ts'
import type { DifferenceCount, NamedDifference, TopicVerification, Verification } from '../verify/verify-types.ts'
import { type Column, renderTable } from './render-table.ts'

const MOST_TOPICS = 30

const TOPICS: readonly Column[] = [
  { title: 'source' },
  { title: 'target' },
  { title: 'equal', align: 'right' },
  ...DIFFERENCE_KINDS.map((title): Column => ({ title, align: 'right' })),
  { title: 're-delivered', align: 'right' }
]

/** What a verification found, for people. */
export function renderVerification(verification: Verification, color: boolean): readonly string[] {
  const { topics } = verification
  const shown = topics.slice(0, MOST_TOPICS)
  return [
    headline(verification, color),
    ...renderTable(TOPICS, shown.map(row), color),
    ...(topics.length > shown.length
      ? [`  … and ${formatCount(topics.length - shown.length)} more (-o json has all)`]
      : []),
    ...topics.flatMap(details)
  ]
}

function headline(
  { job, mode, equal, records, seconds, recordsPerSecond, topics }: Verification,
  color: boolean
): string {
  const { green, red } = pico.createColors(color)
  const different = topics.reduce((sum, topic) => sum + differencesOf(topic), 0)
  const again = topics.reduce((sum, { redelivered }) => sum + redelivered.count, 0)
  const verdict = equal
    ? green(different === 0 && again === 0 ? 'No difference' : 'No difference but re-delivered records')
    : red(plural(different > 0 ? different : again, different > 0 ? 'difference' : 're-delivered record'))
  const pairs = topics.reduce((sum, topic) => sum + (topic.pairs?.checked ?? 0), 0)
  const how = mode === 'counts' ? 'counted' : 'compared'
  return (
    `${escapeControls(job)}: ${verdict}, ${plural(records, 'record')} ${how} in ${formatSeconds(seconds)}` +
    (mode === 'full' ? ` (${formatCount(recordsPerSecond)} records/s)` : '') +
    (pairs > 0 ? `, ${plural(pairs, 'offset pair')} checked` : '')
  )
}

function differencesOf({ differences, pairs }: TopicVerification): number {
  // A pair that differs is another view of what is lost or altered, if anything is.
  return DIFFERENCE_KINDS.reduce((sum, kind) => sum + differences[kind].count, 0) || (pairs?.differing.count ?? 0)
}

function row({ sources, target, equal, differences, redelivered }: TopicVerification): string[] {
  return [
    escapeControls(sources.join(', ')),
    escapeControls(target),
    formatCount(equal),
    ...DIFFERENCE_KINDS.map((kind) => formatCount(differences[kind].count)),
    formatCount(redelivered.count)
  ]
}

function details({ target, differences, pairs, redelivered, audited, before, notes }: TopicVerification): string[] {
  const lines = [
    ...DIFFERENCE_KINDS.flatMap((kind) => named(kind, differences[kind])),
    ...(pairs === undefined ? [] : named('pair differs', pairs.differing))
  ]
  const again = redelivered.first.map(
    ({ source, target: at, count }) =>
      `re-delivered: ${plural(count, 'record')} from source ${place(source)}, again from target ${place(at)}`
  )
  const gone = [
    ...(before.source > 0 ? [`${plural(before.source, 'source record')} before the first common one`] : []),
    ...(before.target > 0 ? [`${plural(before.target, 'target record')} before the first common one`] : [])
  ]
  const all = [
    ...lines,
    ...again,
    ...(audited > 0 ? [`as the audit trail says: ${plural(audited, 'record')}`] : []),
    ...gone.map((line) => `not compared: ${line}`),
    ...notes.map((note) => `note: ${note}`)
  ]
  return all.length === 0 ? [] : ['', `${escapeControls(target)}:`, ...all.map((line) => `  ${escapeControls(line)}`)]
}

function named(kind: string, { count, first }: DifferenceCount): string[] {
  const more = count - first.length
  return [
    ...first.map((difference) => `${kind}: ${describe(difference)}`),
    ...(first.length > 0 && more > 0 ? [`${kind}: … and ${formatCount(more)} more`] : [])
  ]
}

function describe({ source, target, altered }: NamedDifference): string {
  const places = [
    ...(source === undefined ? [] : [`source ${place(source)}`]),
    ...(target === undefined ? [] : [`target ${place(target)}`])
  ].join(', ')
  if (altered === undefined || altered.length === 0) return places
  return `${places}: ${altered.map(({ part, what }) => `${part} ${what}`).join('; ')}`
}

/** `orders-7@42` */
function place({ topic, partition, offset }: PartitionOffset): string {
  return `${topic}-${partition}@${offset}`
}
