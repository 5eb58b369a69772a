import type { Link } from '@opentelemetry/api'
import type { Batch, BatchPayload, FoundHeader } from '../../model/batch.ts'
import { parseTraceContext } from './trace-context.ts'
import type { OffsetRange } from './trace-targets.ts'

/**
 * Links to the spans that wrote the records of a batch, as their `traceparent` headers tell: first of the records that
 * were asked for, then of some spread over the batch. At most `maxLinks` records are looked at each time, at most so
 * many links are returned. Each link says whose record it is.
 */
export function recordLinks(batch: Batch, asked: readonly OffsetRange[], maxLinks: number): Link[] {
  const { payload } = batch
  if (payload === undefined || maxLinks === 0) return []
  const links = new Map<number, Link>()
  const whole = { from: batch.from, to: batch.to }
  const isWhole = asked.some(({ from, to }) => from === whole.from && to === whole.to)
  for (const range of isWhole ? [whole] : [...asked, whole]) {
    if (links.size >= maxLinks) break
    for (const [offset, link] of linksIn(payload, range, maxLinks)) {
      if (links.size < maxLinks) links.set(offset, link)
    }
  }
  return [...links.entries()].toSorted(([a], [b]) => a - b).map(([, link]) => link)
}

function linksIn(payload: BatchPayload, { from, to }: OffsetRange, maxRecords: number): Map<number, Link> {
  const find = (name: string): FoundHeader[] => payload.findHeaders(name, maxRecords, from, to)
  const links = new Map<number, Link>()
  const parents = find('traceparent')
  if (parents.length === 0) return links
  const states = new Map(find('tracestate').map(({ offset, value }) => [offset, value]))
  for (const { offset, value } of parents) {
    const context = parseTraceContext(value, states.get(offset))
    if (context !== undefined) links.set(offset, { context, attributes: { 'kafka.offset': offset } })
  }
  return links
}
