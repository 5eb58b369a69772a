import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportSettings, type ExportOptions } from '../../src/telemetry/export-settings.ts'

const nothing: ExportOptions = { metrics: {}, traces: {}, otlp: { headers: {} } }
const signals = ['metrics', 'traces'] as const

describe('nothing leaves the process', () => {
  it('unless somebody asked', () => {
    expect(exportSettings(nothing, {})).toEqual({ disabled: false, warnings: [] })
  })

  it('whatever else the environment has', () => {
    const names = fc.constantFrom(
      'OTEL_SERVICE_NAME',
      'OTEL_TRACES_SAMPLER',
      'OTEL_LOGS_EXPORTER',
      'HOME',
      'OTEL_LOG_LEVEL'
    )
    fc.assert(
      fc.property(fc.dictionary(names, fc.string()), (env) => {
        expect(exportSettings(nothing, env)).toEqual({ disabled: false, warnings: [] })
      })
    )
  })

  it('by an empty variable', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: ' ', OTEL_TRACES_EXPORTER: '' }
    expect(exportSettings(nothing, env).traces).toBeUndefined()
  })

  it('when OTEL_SDK_DISABLED says so, even what is configured', () => {
    const settings = exportSettings({ ...nothing, traces: { export: 'otlp' } }, { OTEL_SDK_DISABLED: 'True' })
    expect(settings).toEqual({ disabled: true, warnings: [] })
  })
})

describe('who is exported', () => {
  it.each([
    ['the common endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, ['metrics', 'traces']],
    ['the endpoint of one signal', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, ['traces']],
    ['an exporter', { OTEL_METRICS_EXPORTER: 'otlp' }, ['metrics']],
    ['one exporter of a list', { OTEL_TRACES_EXPORTER: 'console, otlp' }, ['traces']],
    [
      'an endpoint, but not for a signal whose exporter is none',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_METRICS_EXPORTER: 'none' },
      ['traces']
    ]
  ])('follows the environment: %s', (_, env, exported) => {
    const settings = exportSettings(nothing, env)
    expect(signals.filter((signal) => settings[signal] !== undefined)).toEqual(exported)
  })

  it('follows the configuration before the environment', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_METRICS_EXPORTER: 'none' }
    const settings = exportSettings({ ...nothing, metrics: { export: 'otlp' }, traces: { export: 'none' } }, env)
    expect(signals.filter((signal) => settings[signal] !== undefined)).toEqual(['metrics'])
  })

  it('is both by an endpoint in the configuration', () => {
    const settings = exportSettings({ ...nothing, otlp: { endpoint: 'http://c:4318/', headers: { a: 'b' } } }, {})
    const target = { protocol: 'http/protobuf', headers: { a: 'b' } }
    expect(settings.metrics).toEqual({ ...target, url: 'http://c:4318/v1/metrics' })
    expect(settings.traces).toEqual({ ...target, url: 'http://c:4318/v1/traces' })
  })

  it('names an exporter that there is not, and goes without', () => {
    const settings = exportSettings(nothing, { OTEL_TRACES_EXPORTER: 'zipkin' })
    expect(settings.traces).toBeUndefined()
    expect(settings.warnings).toEqual(['OTEL_TRACES_EXPORTER: zipkin is not supported; millrace has otlp and none.'])
  })
})

describe('the protocol', () => {
  const on: ExportOptions = { ...nothing, traces: { export: 'otlp' }, metrics: { export: 'otlp' } }

  it('of one signal wins over the common one, the configuration over both', () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' }
    expect(exportSettings(on, env).traces?.protocol).toBe('grpc')
    expect(exportSettings(on, env).metrics?.protocol).toBe('http/json')
    const configured = exportSettings({ ...on, otlp: { protocol: 'http/protobuf', headers: {} } }, env)
    expect(configured.traces?.protocol).toBe('http/protobuf')
  })

  it('that nobody knows is told and replaced', () => {
    const settings = exportSettings(on, { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'smoke' })
    expect(settings.traces?.protocol).toBe('http/protobuf')
    expect(settings.warnings.join()).toContain('smoke is not one of')
  })

  it('grpc has no path', () => {
    const otlp = { endpoint: 'http://c:4317', protocol: 'grpc', headers: {} } as const
    expect(exportSettings({ ...on, otlp }, {}).traces?.url).toBe('http://c:4317')
  })
})
