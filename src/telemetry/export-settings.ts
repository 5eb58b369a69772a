/** Where one signal is sent. */
export interface OtlpTarget {
  readonly protocol: OtlpProtocol
  /** Whole address; undefined = as the exporter finds it in the OTEL_EXPORTER_OTLP_* variables, else localhost. */
  readonly url?: string
  /** Secrets resolved; those of OTEL_EXPORTER_OTLP_HEADERS are added by the exporter. */
  readonly headers: Readonly<Record<string, string>>
}

export type OtlpProtocol = 'http/protobuf' | 'http/json' | 'grpc'

/** What leaves the process; a signal that is absent is not exported. Plain JSON, because workers are told, too. */
export interface ExportSettings {
  readonly metrics?: OtlpTarget
  readonly traces?: OtlpTarget
  /** OTEL_SDK_DISABLED: neither of them, and no /metrics. */
  readonly disabled: boolean
  /** What the environment asks for and isn't done. */
  readonly warnings: readonly string[]
}

/** The part of a job's configuration that this is about. */
export interface ExportOptions {
  readonly metrics: { readonly export?: 'none' | 'otlp' }
  readonly traces: { readonly export?: 'none' | 'otlp' }
  readonly otlp: {
    readonly endpoint?: string
    readonly protocol?: OtlpProtocol
    readonly headers: Readonly<Record<string, string>>
  }
}

type Environment = Readonly<Record<string, string | undefined>>
type Signal = 'metrics' | 'traces'

const PROTOCOLS: readonly string[] = ['http/protobuf', 'http/json', 'grpc'] satisfies OtlpProtocol[]

/**
 * Who gets what: the configuration wins over the variables of OpenTelemetry's specification
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/), and nothing is exported that
 * neither asks for. An endpoint asks, too. The specification's default (send to localhost) is not followed.
 */
export function exportSettings(options: ExportOptions, env: Environment): ExportSettings {
  const warnings: string[] = []
  const disabled = valueOf(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true'
  const target = (signal: Signal): OtlpTarget | undefined => {
    return isWanted(signal, options, env, warnings) ? targetOf(signal, options, env, warnings) : undefined
  }
  const metrics = disabled ? undefined : target('metrics')
  const traces = disabled ? undefined : target('traces')
  return { ...(metrics !== undefined && { metrics }), ...(traces !== undefined && { traces }), disabled, warnings }
}

function isWanted(signal: Signal, options: ExportOptions, env: Environment, warnings: string[]): boolean {
  const configured = options[signal].export
  if (configured !== undefined) return configured === 'otlp'
  const variable = `OTEL_${signal.toUpperCase()}_EXPORTER`
  const exporters = valueOf(env, variable)
    ?.split(',')
    .map((name) => name.trim())
  const unknown = exporters?.filter((name) => name !== 'otlp' && name !== 'none') ?? []
  if (unknown.length > 0)
    warnings.push(`${variable}: ${unknown.join(', ')} is not supported; millrace has otlp and none.`)
  if (exporters !== undefined) return exporters.includes('otlp')
  const endpoints = ['OTEL_EXPORTER_OTLP_ENDPOINT', `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`]
  return options.otlp.endpoint !== undefined || endpoints.some((name) => valueOf(env, name) !== undefined)
}

function targetOf(signal: Signal, { otlp }: ExportOptions, env: Environment, warnings: string[]): OtlpTarget {
  const protocol = otlp.protocol ?? protocolOf(signal, env, warnings)
  const url = otlp.endpoint === undefined ? undefined : urlOf(otlp.endpoint, protocol, signal)
  return { protocol, ...(url !== undefined && { url }), headers: otlp.headers }
}

function protocolOf(signal: Signal, env: Environment, warnings: string[]): OtlpProtocol {
  for (const variable of [`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL']) {
    const value = valueOf(env, variable)
    if (value === undefined) continue
    if (PROTOCOLS.includes(value)) return value as OtlpProtocol
    warnings.push(`${variable}: ${value} is not one of ${PROTOCOLS.join(', ')}; http/protobuf is used.`)
    break
  }
  return 'http/protobuf'
}

function urlOf(endpoint: string, protocol: OtlpProtocol, signal: Signal): string {
  return protocol === 'grpc' ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/${signal}`
}

/** An empty variable counts as not set, as the specification says. */
function valueOf(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}
