import type { ReceivedSpan } from '../../helpers/otlp-spans.ts'

/** What became of one record. Times in ms since 1970. */
export interface Answer {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly polledAt: number
  readonly fetchedAt: number
  readonly sentAt: number
  readonly deliveredAt: number
  readonly committedAt: number
  /** The offset that was committed then. */
  readonly committed: number
}

/** As docs/tracing.md does it: the trace whose source offsets hold this one, and nothing but that trace. */
export function whereItWent(spans: readonly ReceivedSpan[], topic: string, partition: number, offset: number): Answer {
  const isIt = ({ name, attributes: of }: ReceivedSpan): boolean =>
    name.startsWith('send ') &&
    of['millrace.source.topic'] === topic &&
    of['millrace.source.partition'] === partition &&
    Number(of['millrace.source.offset.first']) <= offset &&
    Number(of['millrace.source.offset.last']) >= offset
  const send = spans.find(isIt)
  if (send === undefined) throw new Error(`no trace of ${topic}-${partition}@${offset}`)
  const trace = spans.filter(({ traceId }) => traceId === send.traceId)
  const named = (operation: string): ReceivedSpan => {
    const span = trace.find(({ name }) => name === `${operation} ${topic}`)
    if (span === undefined) throw new Error(`the trace has no ${operation}`)
    return span
  }
  const [poll, commit] = [named('poll'), named('commit')]
  return {
    topic: String(send.attributes['millrace.target.topic']),
    partition: Number(send.attributes['millrace.target.partition']),
    offset: targetOffset(send.attributes['millrace.offset.runs'] as readonly string[], offset),
    polledAt: milliseconds(poll.start),
    fetchedAt: milliseconds(poll.end),
    sentAt: milliseconds(send.start),
    deliveredAt: milliseconds(send.end),
    committedAt: milliseconds(commit.end),
    committed: Number(commit.attributes['kafka.offset'])
  }
}

/** From runs such as `1000..1999 -> 5000..5999`. */
function targetOffset(runs: readonly string[], offset: number): number {
  for (const run of runs) {
    const [, first, last = first, target] = /^(\d+)(?:\.\.(\d+))? -> (\d+)/.exec(run) ?? []
    if (Number(first) <= offset && Number(last) >= offset) return Number(target) + offset - Number(first)
  }
  throw new Error(`no run of ${runs.join(', ')} holds ${offset}`)
}

const milliseconds = (nanoseconds: bigint): number => Number(nanoseconds / 1000n) / 1000
