import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BrokerMeter, parseBrokerStatistics } from '../../../src/telemetry/metrics/broker-statistics.ts'

function documentOf(retries: number, more: object = {}): string {
  return JSON.stringify({
    name: 'rdkafka#consumer-1',
    brokers: {
      'a:9092/bootstrap': { nodeid: -1, source: 'configured', rtt: { avg: 1, cnt: 1 } },
      GroupCoordinator: { nodeid: 2, source: 'logical', txretries: 7 },
      'a:9092/2': {
        nodeid: 2,
        source: 'learned',
        rtt: { avg: 1500, p99: 9000, cnt: 12 },
        throttle: { avg: 20, max: 250, cnt: 3 },
        txretries: retries,
        connects: 1,
        disconnects: 0,
        ...more
      }
    },
    topics: { orders: { partitions: {} } }
  })
}

describe("librdkafka's statistics", () => {
  it('give round trips and throttling in seconds, of brokers and not of bootstrap addresses or coordinators', () => {
    expect(parseBrokerStatistics(documentOf(3))).toEqual([
      {
        broker: 2,
        roundTrip: { average: 0.0015, p99: 0.009 },
        throttle: { average: 0.02, max: 0.25 },
        retries: 3,
        connects: 1,
        disconnects: 0
      }
    ])
  })

  it('tell of no round trip while there was none', () => {
    const [reading] = parseBrokerStatistics(documentOf(0, { rtt: { avg: 0, cnt: 0 } }))
    expect(reading).not.toHaveProperty('roundTrip')
  })

  it('may lack any field, or be no document at all', () => {
    expect(parseBrokerStatistics('{"brokers":{"x":{"nodeid":1}}}')).toEqual([
      { broker: 1, throttle: { average: 0, max: 0 }, retries: 0, connects: 0, disconnects: 0 }
    ])
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseBrokerStatistics(text)).toEqual([])
        const one = `{"brokers":{"x":${JSON.stringify(text)},"y":{"nodeid":4,"rtt":${JSON.stringify(text)}}}}`
        expect(parseBrokerStatistics(one)).toHaveLength(1)
      })
    )
  })

  it('never fill memory, however many brokers there are', () => {
    const brokers = Object.fromEntries(Array.from({ length: 500 }, (_, nodeid) => [`b${nodeid}`, { nodeid }]))
    expect(parseBrokerStatistics(JSON.stringify({ brokers }))).toHaveLength(64)
  })

  it('never count backwards when a client was made anew', () => {
    const meter = new BrokerMeter('target')
    meter.take(documentOf(5))
    meter.take(documentOf(8))
    expect(meter.read()).toMatchObject([{ cluster: 'target', broker: 2, retries: 8, connects: 1 }])
    meter.take(documentOf(2))
    expect(meter.read()).toMatchObject([{ retries: 10, connects: 2 }])
    meter.take(documentOf(3))
    expect(meter.read()).toMatchObject([{ retries: 11, connects: 2 }])
  })
})
