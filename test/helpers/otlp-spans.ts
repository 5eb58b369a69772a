import type { OtlpRequest } from './otlp-receiver.ts'
import { readProtobuf, type ProtobufFields } from './read-protobuf.ts'

/*
 * ExportTraceServiceRequest of opentelemetry-proto (trace/v1/trace.proto), as JSON and as protobuf, in one form. Read
 * with nothing of OpenTelemetry's own, so that the test sees what a collector sees.
 */

export type AttributeValue = string | number | boolean | readonly AttributeValue[]
export type ReceivedAttributes = Readonly<Record<string, AttributeValue>>

export interface ReceivedSpan {
  /** Of the process that sent it. */
  readonly resource: ReceivedAttributes
  readonly scope: string
  readonly traceId: string
  readonly spanId: string
  /** '' = none. */
  readonly parentSpanId: string
  readonly name: string
  /** 3 = client, 4 = producer, 5 = consumer. */
  readonly kind: number
  /** Nanoseconds since 1970. */
  readonly start: bigint
  readonly end: bigint
  readonly attributes: ReceivedAttributes
  readonly links: readonly {
    readonly traceId: string
    readonly spanId: string
    readonly attributes: ReceivedAttributes
  }[]
  /** 2 = error. */
  readonly status: { readonly code: number; readonly message: string }
}

/** All spans that came. */
export function spansOf(requests: readonly OtlpRequest[]): ReceivedSpan[] {
  return requests
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ headers, raw }) =>
      headers['content-type'] === 'application/json' ? spansOfJson(raw) : spansOfProtobuf(raw)
    )
}

interface JsonValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: number | string
  readonly doubleValue?: number
  readonly arrayValue?: { readonly values?: readonly JsonValue[] }
}
type JsonAttributes = readonly { readonly key: string; readonly value: JsonValue }[]

interface JsonSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: JsonAttributes
  readonly links?: readonly {
    readonly traceId: string
    readonly spanId: string
    readonly attributes?: JsonAttributes
  }[]
  readonly status?: { readonly code?: number; readonly message?: string }
}

interface JsonRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes?: JsonAttributes }
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly JsonSpan[] }[]
  }[]
}

function spansOfJson(body: Uint8Array): ReceivedSpan[] {
  const request = JSON.parse(Buffer.from(body).toString()) as JsonRequest
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({
        resource: attributesOfJson(resource.attributes),
        scope: scope.name,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        kind: span.kind,
        start: BigInt(span.startTimeUnixNano),
        end: BigInt(span.endTimeUnixNano),
        attributes: attributesOfJson(span.attributes),
        links: (span.links ?? []).map(({ traceId, spanId, attributes }) => ({
          traceId,
          spanId,
          attributes: attributesOfJson(attributes)
        })),
        status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' }
      }))
    )
  )
}

function attributesOfJson(attributes: JsonAttributes = []): ReceivedAttributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOfJson(value)]))
}

function valueOfJson({ stringValue, boolValue, intValue, doubleValue, arrayValue }: JsonValue): AttributeValue {
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(valueOfJson)
  return stringValue ?? boolValue ?? doubleValue ?? Number(intValue)
}

function spansOfProtobuf(body: Uint8Array): ReceivedSpan[] {
  return messages(readProtobuf(body), 1).flatMap((resourceSpans) =>
    messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => ({
        resource: attributesOf(messages(resourceSpans, 1)[0], 1),
        scope: text(messages(scopeSpans, 1)[0], 1),
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        kind: Number(number(span, 6)),
        start: number(span, 7),
        end: number(span, 8),
        attributes: attributesOf(span, 9),
        links: messages(span, 13).map((link) => ({
          traceId: hex(link, 1),
          spanId: hex(link, 2),
          attributes: attributesOf(link, 4)
        })),
        status: { code: Number(number(messages(span, 15)[0], 3)), message: text(messages(span, 15)[0], 2) }
      }))
    )
  )
}

function attributesOf(fields: ProtobufFields | undefined, field: number): ReceivedAttributes {
  const pairs = fields === undefined ? [] : messages(fields, field)
  return Object.fromEntries(pairs.map((pair) => [text(pair, 1), valueOf(messages(pair, 2)[0])]))
}

/** AnyValue: 1 string, 2 bool, 3 int64, 4 double, 5 array. */
function valueOf(value: ProtobufFields | undefined): AttributeValue {
  if (value === undefined) throw new Error('an attribute without a value')
  const array = messages(value, 5)[0]
  if (array !== undefined) return messages(array, 1).map(valueOf)
  if (value.has(2)) return number(value, 2) === 1n
  if (value.has(3)) return Number(BigInt.asIntN(64, number(value, 3)))
  if (value.has(4)) return Buffer.from(new BigUint64Array([number(value, 4)]).buffer).readDoubleLE()
  return text(value, 1)
}

function messages(fields: ProtobufFields, field: number): ProtobufFields[] {
  return (fields.get(field) ?? []).map((value) => readProtobuf(value as Uint8Array))
}

function bytes(fields: ProtobufFields | undefined, field: number): Buffer {
  return Buffer.from((fields?.get(field)?.[0] as Uint8Array | undefined) ?? [])
}

const text = (fields: ProtobufFields | undefined, field: number): string => bytes(fields, field).toString()
const hex = (fields: ProtobufFields | undefined, field: number): string => bytes(fields, field).toString('hex')

function number(fields: ProtobufFields | undefined, field: number): bigint {
  return (fields?.get(field)?.[0] as bigint | undefined) ?? 0n
}
