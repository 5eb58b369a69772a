import pico from 'picocolors'
import type { BenchReport, Leftover } from '../job/bench/bench-types.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import { formatBytes, formatCount, formatSeconds, plural } from '../model/format-quantities.ts'
import { LIMIT_HINTS, LIMITING_SIDES } from './describe-limits.ts'
import { paintState } from './render-live.ts'
import { renderTable } from './render-table.ts'

/** What a benchmark found, for people. */
export function renderBench(report: BenchReport, color: boolean): readonly string[] {
  const { name, state, settings, topic, targetTopic } = report
  const topics = topic === '' ? '' : `, ${escapeControls(topic)} → ${escapeControls(targetTopic)}`
  const rows = [...speed(report), ...limit(report), ...latency(report), ...copy(report)]
  return [
    `${escapeControls(name)} ${paintState(state, color)}: ${plural(settings.records, 'record')} of ` +
      `${formatBytes(settings.sizeBytes)} (${settings.payload}), ${plural(settings.partitions, 'partition')}${topics}`,
    ...renderTable([{ title: 'measured' }, { title: 'value' }, { title: '' }], rows, color),
    ...leftovers(report.leftovers, color)
  ]
}

type Row = readonly [name: string, value: string, remark: string]

function speed({ load, throughput, usage }: BenchReport): readonly Row[] {
  const rows: Row[] = []
  if (load !== null) {
    rows.push(['loading', `${formatCount(load.records / load.seconds)} records/s`, 'of the generated records'])
  }
  if (throughput !== null) {
    const { recordsPerSecond, bytesPerSecond, startSeconds, seconds } = throughput
    rows.push([
      'throughput',
      `${formatCount(recordsPerSecond)} records/s, ${megabytes(bytesPerSecond)}/s`,
      `steady state; ${formatSeconds(seconds)} in all, the first record after ${formatSeconds(startSeconds)}`
    ])
  }
  if (usage === null) return rows
  if (usage.cpuMicrosPerRecord !== null) {
    rows.push(['processor time', `${usage.cpuMicrosPerRecord.toFixed(2)} µs/record`, 'of all processes of the mirror'])
  }
  const workers = usage.workersPeakBytes === null ? '' : `${formatBytes(usage.workersPeakBytes)} workers, `
  rows.push([
    'peak memory',
    `${workers}${formatBytes(usage.supervisorPeakBytes)} supervisor`,
    'which generated the load'
  ])
  return rows
}

/** Less than this, and nothing can be said of it. */
const LEAST_SECONDS = 1

function limit({ limits }: BenchReport): readonly Row[] {
  if (limits === null) return []
  const seconds = LIMITING_SIDES.reduce((sum, side) => sum + limits[side], 0)
  if (seconds < LEAST_SECONDS) {
    return [['limited by', 'not known', 'it was over too soon: raise --records']]
  }
  const most = LIMITING_SIDES.reduce((a, b) => (limits[b] > limits[a] ? b : a))
  return [['limited by', `${most}, ${Math.round((limits[most] / seconds) * 100)} %`, LIMIT_HINTS[most]]]
}

function latency({ latency: found, latencyMissing }: BenchReport): readonly Row[] {
  if (found === null) return latencyMissing === null ? [] : [['latency', 'not known', latencyMissing]]
  const { p50Ms, p99Ms, p999Ms, maxMs, records, ratePerSecond } = found
  return [
    [
      'latency',
      `p50 ${p50Ms} ms, p99 ${p99Ms} ms, p99.9 ${p999Ms} ms, max ${maxMs} ms`,
      `source timestamp to a reader of the target, ${plural(records, 'record')} at ${formatCount(ratePerSecond)}/s`
    ]
  ]
}

function copy({ copy: found }: BenchReport): readonly Row[] {
  if (found === null) return []
  const different = found.partitions.filter(({ source, target }) => target !== null && source !== target)
  const where = different.length === 0 ? '' : `, partition ${different.map(({ partition }) => partition).join(', ')}`
  return found.equal
    ? [['copy', 'complete', `${plural(found.targetRecords, 'record')}, counted by partition`]]
    : [
        [
          'copy',
          'DIFFERENT',
          `${formatCount(found.sourceRecords)} at the source, ${formatCount(found.targetRecords)} at the target${where}`
        ]
      ]
}

function leftovers(left: readonly Leftover[], color: boolean): readonly string[] {
  if (left.length === 0) return []
  const { yellow } = pico.createColors(color)
  return [
    '',
    yellow('Left over, because it could not be deleted:'),
    ...left.flatMap(({ what, cluster, name, why, command }) => [
      `  ${what} ${escapeControls(name)} on the ${cluster}: ${escapeControls(why)}`,
      `    ${escapeControls(command)}`
    ])
  ]
}

/** Of a million bytes, as rates of disks and networks are given. */
function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
