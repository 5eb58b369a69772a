import { createTraceState, isSpanContextValid, type SpanContext } from '@opentelemetry/api'

/** version "-" trace id "-" span id "-" flags, and what a later version may add. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const LONGEST = 512

/**
 * The span that wrote a record, by the header of W3C's Trace Context (https://www.w3.org/TR/trace-context/). Undefined
 * for whatever the recommendation calls invalid. A `tracestate` that can't be read is left out.
 */
export function parseTraceContext(traceparent: Uint8Array, tracestate?: Uint8Array): SpanContext | undefined {
  if (traceparent.length > LONGEST) return undefined
  const match = TRACEPARENT.exec(latin1(traceparent))
  if (match === null) return undefined
  const [, version = '', traceId = '', spanId = '', flags = '', more] = match
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined
  // Only the lowest bit, sampled, is defined; others of an unknown version must not be passed on.
  const traceFlags = Number.parseInt(flags, 16) & 1
  const traceState =
    tracestate === undefined || tracestate.length === 0 ? undefined : createTraceState(latin1(tracestate))
  const context = { traceId, spanId, traceFlags, isRemote: true, ...(traceState !== undefined && { traceState }) }
  // Ids of zeros alone are invalid.
  return isSpanContextValid(context) ? context : undefined
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
