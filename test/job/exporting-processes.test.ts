import { describe, expect, it } from 'vitest'
import { exportingProcesses } from '../../src/job/exporting-processes.ts'

const target = { protocol: 'http/protobuf', headers: {} } as const
const nothing = { disabled: false, warnings: [] }
const listening = { http: { listen: '127.0.0.1:0' } }

describe('memory is set aside', () => {
  it.each([
    ['nowhere when nothing is exported', { http: {} }, nothing, false, false],
    ['nowhere when nobody says what is exported', { http: {} }, undefined, false, false],
    ['in the supervisor for /metrics', listening, nothing, true, false],
    ['in the supervisor for metrics that are sent', { http: {} }, { ...nothing, metrics: target }, true, false],
    ['in the workers for traces', { http: {} }, { ...nothing, traces: target }, false, true],
    ['nowhere when the SDK is disabled', listening, { ...nothing, disabled: true }, false, false]
  ])('%s', (_, config, exports, supervisor, workers) => {
    expect(exportingProcesses(config, exports)).toEqual({ supervisor, workers })
  })
})
