import type { Tracer } from '@opentelemetry/api'
import { TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace'

export interface SpanRecorder {
  readonly tracer: Tracer
  /** Ended ones, in that order. */
  readonly spans: readonly ReadableSpan[]
  named(name: string): ReadableSpan[]
  /** The only span of that name. */
  only(name: string): ReadableSpan
}

/** Keeps what a real tracer makes. */
export function spanRecorder(): SpanRecorder {
  const spans: ReadableSpan[] = []
  const done = async (): Promise<void> => Promise.resolve()
  const keep = {
    onStart: () => undefined,
    onEnd: (span: ReadableSpan) => void spans.push(span),
    forceFlush: done,
    shutdown: done
  }
  const named = (name: string): ReadableSpan[] => spans.filter((span) => span.name === name)
  return {
    tracer: new TracerProvider({ spanProcessors: [keep] }).getTracer('test'),
    spans,
    named,
    only: (name) => {
      const [span, ...more] = named(name)
      if (span === undefined || more.length > 0) throw new Error(`${more.length} more, or none: ${name}`)
      return span
    }
  }
}

/** Begin and end in ms since 1970. */
export function timesOf({ startTime, endTime }: ReadableSpan): [number, number] {
  return [startTime[0] * 1e3 + startTime[1] / 1e6, endTime[0] * 1e3 + endTime[1] / 1e6]
}
