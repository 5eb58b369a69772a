import { describe, expect, it } from 'vitest'
import { traceSettings } from '../../src/job/trace-settings.ts'

const TRACES = { ratio: 0, always: [], failed: false, maxLinks: 3 } as const
const target = { protocol: 'http/json', headers: { key: 'secret' } } as const
const EXPORTS = { traces: target, disabled: false, warnings: [] } as const
const WORKER = { instance: 'f00', index: 2 }

describe('traceSettings', () => {
  it.each([
    ['no exports', { ...TRACES, ratio: 1 }, undefined],
    ['traces go nowhere', { ...TRACES, ratio: 1 }, { disabled: false, warnings: [] }],
    ['nothing can be chosen', TRACES, EXPORTS]
  ])('%s: the SDK is not loaded', (_, traces, exports) => {
    expect(traceSettings({ name: 'dr', traces }, exports, WORKER)).toBeUndefined()
  })

  it.each([
    { ...TRACES, ratio: 0.01 },
    { ...TRACES, always: ['orders'] },
    { ...TRACES, slowerThanMs: 5 },
    { ...TRACES, failed: true }
  ])('%j: there is a reason to trace', (traces) => {
    const settings = traceSettings({ name: 'dr', traces }, EXPORTS, WORKER)
    const { maxLinks, ...sampling } = traces
    expect(settings).toMatchObject({ target, maxLinks, sampling })
  })

  it('the process is named by job, instance and worker', () => {
    const service = traceSettings({ name: 'dr', traces: { ...TRACES, ratio: 1 } }, EXPORTS, WORKER)?.service
    expect(service).toEqual({
      name: 'millrace',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      instanceId: 'dr-f00-2'
    })
  })
})
