import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  context,
  diag,
  DiagLogLevel,
  metrics,
  trace,
  ValueType,
  type Attributes,
  type Meter,
  type Tracer
} from '@opentelemetry/api'
import type { HistogramMetricData, IMetricReader, MetricProducer, PushMetricExporter } from '@opentelemetry/sdk-metrics'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { OtlpTarget } from './export-settings.ts'

/*
 * The only importer of the OpenTelemetry SDK, and only when something is exported: loading it takes a fifth of a
 * second and 30 MB. Everybody else knows @opentelemetry/api.
 */

/** A histogram that was summed over several processes, so that it can't be recorded through an instrument. */
export interface HistogramReading {
  readonly name: string
  readonly description: string
  readonly unit: string
  /** Inclusive upper bounds, ascending; there is one count more than bounds. */
  readonly bounds: readonly number[]
  readonly series: readonly {
    readonly attributes: Attributes
    readonly counts: readonly number[]
    readonly sum: number
    readonly count: number
  }[]
}

export interface TelemetrySettings {
  /** Names this process; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win. */
  readonly service: { readonly name: string; readonly version: string; readonly instanceId: string }
  readonly traces?: OtlpTarget | undefined
  readonly metrics?:
    | {
        readonly otlp?: OtlpTarget | undefined
        readonly intervalMs: number
        readonly prometheus: boolean
        /** Asked at every collection. */
        readonly histograms: () => readonly HistogramReading[]
      }
    | undefined
  /** Something is wrong with exporting: told once a minute at most. Nothing else suffers from it. */
  readonly onProblem: (text: string) => void
}

export interface Telemetry {
  readonly tracer: Tracer
  readonly meter: Meter
  /** Answers a GET of /metrics in Prometheus' text format; undefined unless asked for. */
  readonly writeMetrics: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
  /** Sends what is left, waiting for it at most so long. Never rejects. */
  shutdown(timeoutMs: number): Promise<void>
}

const SCOPE = 'millrace'
const TELL_INTERVAL_MS = 60_000
/** An exporter that waits for longer than this is given up: its collector is away. */
const EXPORT_TIMEOUT_MS = 10_000
/** Spans of a batch are made at once; a burst of forced traces must not be cut by the SDK's 2,048. */
const MOST_QUEUED_SPANS = 16_384
const MOST_SERIES = 1_000_000

/** Starts exporting what the settings name, one SDK a process. Resolves when it runs; no collector is asked for that. */
export async function startTelemetry(settings: TelemetrySettings): Promise<Telemetry> {
  const [sdk, { envDetector, defaultResource, resourceFromAttributes }, { AlwaysOnSampler, BatchSpanProcessor }] =
    await Promise.all([
      import('@opentelemetry/sdk-node'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace')
    ])
  const { service, traces } = settings
  const { readers, writeMetrics } = await metricReaders(settings.metrics)
  const spanProcessors =
    traces === undefined
      ? []
      : [
          new BatchSpanProcessor({
            exporter: await spanExporter(traces),
            maxQueueSize: MOST_QUEUED_SPANS,
            exportTimeoutMillis: EXPORT_TIMEOUT_MS
          })
        ]
  const node = new sdk.NodeSDK({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': service.name,
        'service.version': service.version,
        'service.instance.id': service.instanceId
      })
    ),
    // The default detectors publish the command line and the host.
    resourceDetectors: [envDetector],
    // Batches are chosen before there is a span.
    sampler: new AlwaysOnSampler(),
    spanProcessors,
    metricReaders: readers,
    // The SDK would put everything above 2,000 series of an instrument into one; ours are bounded before.
    views: [{ instrumentName: '*', aggregationCardinalityLimit: MOST_SERIES }],
    logRecordProcessors: [],
    textMapPropagator: null
  })
  diag.setLogger(problemLogger(settings.onProblem), {
    logLevel: DiagLogLevel.WARN,
    suppressOverrideMessage: true
  })
  node.start()
  return {
    tracer: trace.getTracer(SCOPE, service.version),
    meter: metrics.getMeter(SCOPE, service.version),
    writeMetrics,
    shutdown: async (timeoutMs) => {
      await within(timeoutMs, node.shutdown())
      // Another one may be started in this process.
      context.disable()
      trace.disable()
      metrics.disable()
      diag.disable()
    }
  }
}

async function metricReaders(settings: TelemetrySettings['metrics']): Promise<{
  readonly readers: IMetricReader[]
  readonly writeMetrics: Telemetry['writeMetrics']
}> {
  if (settings === undefined) return { readers: [], writeMetrics: undefined }
  const { otlp, intervalMs, prometheus, histograms } = settings
  const metricProducers = [await histogramProducer(histograms)]
  const readers: IMetricReader[] = []
  let writeMetrics: Telemetry['writeMetrics']
  if (prometheus) {
    const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus')
    const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true, metricProducers })
    readers.push(exporter)
    writeMetrics = (request, response) => exporter.getMetricsRequestHandler(request, response)
  }
  if (otlp !== undefined) {
    const { PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics')
    readers.push(
      new PeriodicExportingMetricReader({
        exporter: await metricExporter(otlp),
        exportIntervalMillis: intervalMs,
        exportTimeoutMillis: Math.min(intervalMs, EXPORT_TIMEOUT_MS),
        metricProducers
      })
    )
  }
  return { readers, writeMetrics }
}

/** Histograms since the start of this process, beside what the instruments say. */
async function histogramProducer(histograms: () => readonly HistogramReading[]): Promise<MetricProducer> {
  const { AggregationTemporality, DataPointType } = await import('@opentelemetry/sdk-metrics')
  const { emptyResource } = await import('@opentelemetry/resources')
  const startTime = hrTime(Date.now())
  return {
    collect: async () => {
      const endTime = hrTime(Date.now())
      return {
        resourceMetrics: {
          // The reader's own is used instead.
          resource: emptyResource(),
          scopeMetrics: [
            {
              scope: { name: SCOPE },
              metrics: histograms().map(({ name, description, unit, bounds, series }): HistogramMetricData => ({
                descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
                aggregationTemporality: AggregationTemporality.CUMULATIVE,
                dataPointType: DataPointType.HISTOGRAM,
                dataPoints: series.map(({ attributes, counts, sum, count }) => ({
                  startTime,
                  endTime,
                  attributes,
                  value: { buckets: { boundaries: [...bounds], counts: [...counts] }, sum, count }
                }))
              }))
            }
          ]
        },
        errors: []
      }
    }
  }
}

async function spanExporter(target: OtlpTarget): Promise<SpanExporter> {
  switch (target.protocol) {
    case 'grpc': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-grpc')
      return new OTLPTraceExporter(await grpcOptions(target))
    }
    case 'http/json': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
      return new OTLPTraceExporter(httpOptions(target))
    }
    case 'http/protobuf': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
      return new OTLPTraceExporter(httpOptions(target))
    }
  }
}

async function metricExporter(target: OtlpTarget): Promise<PushMetricExporter> {
  switch (target.protocol) {
    case 'grpc': {
      const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-grpc')
      return new OTLPMetricExporter(await grpcOptions(target))
    }
    case 'http/json': {
      const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http')
      return new OTLPMetricExporter(httpOptions(target))
    }
    case 'http/protobuf': {
      const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto')
      return new OTLPMetricExporter(httpOptions(target))
    }
  }
}

function httpOptions({ url, headers }: OtlpTarget) {
  return { ...(url !== undefined && { url }), headers: { ...headers }, timeoutMillis: EXPORT_TIMEOUT_MS }
}

async function grpcOptions({ url, headers }: OtlpTarget) {
  const { Metadata } = await import('@grpc/grpc-js')
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  return { ...(url !== undefined && { url }), metadata, timeoutMillis: EXPORT_TIMEOUT_MS }
}

/** What the SDK has to say, without flooding: a collector that is away fails every few seconds. */
function problemLogger(onProblem: (text: string) => void) {
  let told = Number.NEGATIVE_INFINITY
  const tell = (message: string, ...rest: unknown[]): void => {
    const now = performance.now()
    if (now - told < TELL_INTERVAL_MS) return
    told = now
    onProblem([message, ...rest.map(String)].join(' ').slice(0, MOST_PROBLEM_TEXT))
  }
  const nothing = (): void => undefined
  return { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing }
}

const MOST_PROBLEM_TEXT = 500

async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs)
  })
  await Promise.race([work.catch(() => undefined), deadline])
  clearTimeout(timer)
}

function hrTime(ms: number): [number, number] {
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6]
}
