import { describe, expect, it } from 'vitest'
import { EventCounters } from '../../src/telemetry/event-counters.ts'

describe('the counters of events', () => {
  it('have a sum for each set of labels, none before something was counted', () => {
    const counters = new EventCounters()
    expect(counters.of('errors')).toEqual([])
    counters.add([
      { counter: 'errors', labels: { code: 'MR_LOSS', cluster: 'source' }, by: 1 },
      { counter: 'errors', labels: { code: 'MR_LOSS', cluster: 'target' }, by: 1 }
    ])
    counters.add([{ counter: 'errors', labels: { code: 'MR_LOSS', cluster: 'source' }, by: 2 }])
    counters.add([{ counter: 'worker_restarts', labels: {}, by: 1 }])
    expect(counters.of('errors')).toEqual([
      { labels: { code: 'MR_LOSS', cluster: 'source' }, value: 3 },
      { labels: { code: 'MR_LOSS', cluster: 'target' }, value: 1 }
    ])
    expect(counters.of('worker_restarts')).toEqual([{ labels: {}, value: 1 }])
    expect(counters.of('rebalances')).toEqual([])
  })
})
