import pico from 'picocolors'
import type { MemoryDivision, PartitionPlan, Plan, TopicPlan } from '../control/plan-types.ts'
import { formatBytes, formatCount, plural } from '../model/format-quantities.ts'
import { partitionName } from '../model/topic-partition.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import { renderFindings } from './render-findings.ts'
import { type Column, renderTable } from './render-table.ts'

export interface PlanStyle {
  readonly color: boolean
  /** With a row for each partition. */
  readonly verbose: boolean
}

const TOPICS: readonly Column[] = [
  { title: 'topic' },
  { title: 'target' },
  { title: 'partitions', align: 'right' },
  { title: 'action' },
  { title: 'order' },
  { title: 'start' },
  { title: 'stop' },
  { title: 'records', align: 'right' }
]

const PARTITIONS: readonly Column[] = [
  { title: 'partition' },
  { title: 'log start', align: 'right' },
  { title: 'committed', align: 'right' },
  { title: 'start', align: 'right' },
  { title: 'why' },
  { title: 'stop', align: 'right' },
  { title: 'end', align: 'right' },
  { title: 'records', align: 'right' }
]

const PROGRESS: Readonly<Record<Plan['progress'], string>> = {
  fresh: 'has no commits yet, so the start policy holds',
  resume: 'goes on where it was',
  reset: 'is set back to the start policy'
}

/** A plan for people. */
export function renderPlan(plan: Plan, { color, verbose }: PlanStyle): readonly string[] {
  const { bold } = pico.createColors(color)
  const { source, target, topics } = plan
  const records = topics.reduce((sum, topic) => sum + recordsOf(topic), 0)
  const partitions = topics.reduce((sum, topic) => sum + topic.sourcePartitions, 0)
  return [
    `${bold(escapeControls(plan.job))}: ${cluster(source)} → ${cluster(target)}`,
    `Group ${escapeControls(source.groupId)} ${PROGRESS[plan.progress]}. Partition policy: ${plan.policy}.`,
    '',
    ...renderTable(TOPICS, topics.map(topicRow), color),
    ...(topics.length > 1
      ? [`${formatCount(topics.length)} topics, ${plural(partitions, 'partition')}, up to ${plural(records, 'record')}`]
      : []),
    ...(verbose ? section(renderTable(PARTITIONS, topics.flatMap(partitionRows), color)) : []),
    ...section(topics.filter(({ action }) => action === 'create').map(describeCreation)),
    ...(plan.deadLetter === undefined ? [] : [describeDeadLetters(plan.deadLetter)]),
    ...section([describeMemory(plan.memory)]),
    ...section([...renderFindings(plan.warnings, 'warning', color), ...renderFindings(plan.refusals, 'refused', color)])
  ]
}

function describeDeadLetters({ topic, action }: NonNullable<Plan['deadLetter']>): string {
  return `Records that the target refuses become dead letters in ${escapeControls(topic)}${action === 'create' ? ', which is created' : ''}.`
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}

function cluster({ clusterId, brokers }: Plan['target']): string {
  return `cluster ${escapeControls(clusterId === '' ? 'without id' : clusterId)} (${plural(brokers, 'broker')})`
}

function topicRow(topic: TopicPlan): readonly string[] {
  return [
    escapeControls(topic.source),
    escapeControls(topic.target),
    formatCount(topic.sourcePartitions),
    describeAction(topic),
    topic.orderKept ? 'kept' : 'not kept',
    describeStart(topic.partitions),
    describeStop(topic.partitions),
    formatCount(recordsOf(topic))
  ]
}

function describeAction({ action, targetPartitions, targetPartitionsNow }: TopicPlan): string {
  if (action === 'none') return 'none'
  if (action === 'create') return `create with ${formatCount(targetPartitions)}`
  return `grow from ${formatCount(targetPartitionsNow)} to ${formatCount(targetPartitions)}`
}

function describeStart(partitions: readonly PartitionPlan[]): string {
  const reasons = new Map<string, number>()
  for (const { startReason } of partitions) reasons.set(startReason, (reasons.get(startReason) ?? 0) + 1)
  const why =
    reasons.size === 1
      ? [...reasons.keys()].join()
      : [...reasons].map(([reason, count]) => `${reason} ${count}`).join(', ')
  const from = span(partitions.map(({ start }) => start))
  return from === '' ? why : `${why} (${from})`
}

function describeStop(partitions: readonly PartitionPlan[]): string {
  const stops = partitions.map(({ stop }) => stop).filter((stop) => stop !== undefined)
  return stops.length === 0 ? 'open' : span(stops)
}

/** `0` or `0–120` */
function span(offsets: readonly number[]): string {
  if (offsets.length === 0) return ''
  const [least, most] = [Math.min(...offsets), Math.max(...offsets)]
  return least === most ? formatCount(least) : `${formatCount(least)}–${formatCount(most)}`
}

function recordsOf({ partitions }: TopicPlan): number {
  return partitions.reduce((sum, { records }) => sum + records, 0)
}

function partitionRows({ source, partitions }: TopicPlan): readonly (readonly string[])[] {
  return partitions.map(({ partition, logStart, committed, start, startReason, stop, end, records }) => [
    escapeControls(partitionName({ topic: source, partition })),
    formatCount(logStart),
    committed === undefined ? '–' : formatCount(committed),
    formatCount(start),
    startReason,
    stop === undefined ? 'open' : formatCount(stop),
    formatCount(end),
    formatCount(records)
  ])
}

function describeCreation({ target, replicationFactor, configs }: TopicPlan): string {
  const replicas = replicationFactor < 0 ? "the broker's default" : String(replicationFactor)
  const settings = Object.entries(configs).map(([name, value]) => `${name}=${value}`)
  return escapeControls(`create ${target}: replication factor ${replicas}, ${settings.join(', ') || 'default configs'}`)
}

function describeMemory(memory: MemoryDivision): string {
  const { total, supervisor, workers, workerBase, consumerQueue, fetchBuffers, inFlight, producerOverhead } = memory
  const parts = [
    `base ${formatBytes(workerBase)}`,
    `consumer queue ${formatBytes(consumerQueue)}`,
    `fetch buffers ${formatBytes(fetchBuffers)}`,
    `in flight ${formatBytes(inFlight)}`,
    `producer ${formatBytes(producerOverhead)}`
  ]
  const used = workers * (workerBase + consumerQueue + fetchBuffers + inFlight + producerOverhead)
  const spare = total - supervisor - used
  const rest = spare > 0 ? ` + ${formatBytes(spare)} to spare` : ''
  return `memory ${formatBytes(total)} = supervisor ${formatBytes(supervisor)} + ${plural(workers, 'worker')} × (${parts.join(' + ')})${rest}`
}
