import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BrokerStatistics } from '../../../src/telemetry/metrics/broker-statistics.ts'
import { JobMetrics } from '../../../src/telemetry/metrics/job-metrics.ts'
import { NO_SECONDS, SIDES } from '../../../src/telemetry/metrics/limit-clock.ts'
import { batchesOf, workerMetricsOf } from '../worker-metrics-of.ts'

function jobMetrics() {
  const clock = { now: 0 }
  return { clock, metrics: new JobMetrics(() => clock.now) }
}

const broker = (retries: number, p99: number): BrokerStatistics => ({
  cluster: 'target',
  broker: 1,
  roundTrip: { average: p99 / 2, p99 },
  throttle: { average: 0, max: p99 },
  retries,
  connects: 1,
  disconnects: 0
})

describe('what all workers counted', () => {
  it('never goes down: a worker that was killed keeps what it told, the next one counts from 0', () => {
    const { metrics } = jobMetrics()
    metrics.record(0, workerMetricsOf({ ...batchesOf(3), commits: { succeeded: 2, failed: 1 }, undelivered: { X: 4 } }))
    metrics.ended(0)
    metrics.record(1, workerMetricsOf({ ...batchesOf(1), commits: { succeeded: 1, failed: 0 }, undelivered: { X: 1 } }))
    expect(metrics.totals()).toMatchObject({
      batchRecords: { count: 4, sum: 400 },
      commits: { succeeded: 3, failed: 1 },
      undelivered: { X: 5 }
    })
    metrics.ended(1)
    metrics.ended(1)
    expect(metrics.totals().batchRecords.count).toBe(4)
  })

  it('only grows, whatever workers come, tell and go', () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('tell' as const), worker: fc.nat(2), batches: fc.nat(5), waited: fc.nat(5) }),
      fc.record({ type: fc.constant('end' as const), worker: fc.nat(2) }),
      fc.record({ type: fc.constant('lag' as const), records: fc.nat(1000) })
    )
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { clock, metrics } = jobMetrics()
        const told = new Map<number, { process: number; batches: number; waited: number }>()
        let processes = 0
        let [batches, waited] = [0, 0]
        for (const step of steps) {
          clock.now += 500
          if (step.type === 'lag') metrics.lagged(step.records)
          if (step.type === 'end') {
            const worker = told.get(step.worker)
            if (worker !== undefined) metrics.ended(worker.process)
            told.delete(step.worker)
          }
          if (step.type !== 'tell') continue
          const worker = told.get(step.worker) ?? { process: processes++, batches: 0, waited: 0 }
          told.set(step.worker, worker)
          worker.batches += step.batches
          worker.waited += step.waited
          batches += step.batches
          waited += step.waited
          const limited = { ...NO_SECONDS, source: worker.waited }
          metrics.record(worker.process, workerMetricsOf({ ...batchesOf(worker.batches), limited }))
          const totals = metrics.totals()
          expect(totals.batchRecords.count).toBe(batches)
          expect(SIDES.reduce((sum, side) => sum + totals.limited[side], 0)).toBeCloseTo(waited)
        }
      })
    )
  })

  it('of brokers: sums over workers, the worst round trip, and no round trip of a worker that is gone', () => {
    const { metrics } = jobMetrics()
    metrics.record(0, workerMetricsOf({ brokers: [broker(3, 0.5)] }))
    metrics.record(1, workerMetricsOf({ brokers: [broker(4, 0.1)] }))
    expect(metrics.brokers()).toMatchObject([{ retries: 7, roundTrip: { p99: 0.5 }, throttle: { max: 0.5 } }])
    metrics.ended(0)
    expect(metrics.brokers()).toMatchObject([{ retries: 7, roundTrip: { p99: 0.1 }, throttle: { max: 0.1 } }])
    metrics.ended(1)
    expect(metrics.brokers()[0]).not.toHaveProperty('roundTrip')
  })
})

describe('the last ten seconds', () => {
  it('forget what was before', () => {
    const { clock, metrics } = jobMetrics()
    for (let second = 1; second <= 60; second++) {
      clock.now = second * 1000
      const limited = { ...NO_SECONDS, source: Math.min(second, 30), target: Math.max(0, second - 30) }
      metrics.record(0, workerMetricsOf({ ...batchesOf(second, second > 30 ? 2 : 0.02), limited }))
    }
    expect(metrics.recentLimits()).toEqual({ source: 0, target: 10, mirror: 0, rate: 0, idle: 0 })
    expect(metrics.totals().limited).toMatchObject({ source: 30, target: 30 })
    expect(metrics.recentLatency('replicationLatency')?.p50Seconds).toBeGreaterThan(1.5)
    clock.now += 20_000
    expect(metrics.recentLatency('replicationLatency')).toBeUndefined()
    expect(metrics.latency('replicationLatency')?.p50Seconds).toBeGreaterThan(1.5)
  })
})

describe('waiting for the source', () => {
  it('of a copy that is no two seconds behind is waiting for records that are not written yet', () => {
    const { clock, metrics } = jobMetrics()
    const tell = (second: number) => {
      clock.now = second * 1000
      metrics.record(0, workerMetricsOf({ ...batchesOf(second * 10), limited: { ...NO_SECONDS, source: second } }))
    }
    // 1,000 records a second.
    for (let second = 1; second <= 5; second++) tell(second)
    metrics.lagged(1500)
    for (let second = 6; second <= 10; second++) tell(second)
    expect(metrics.totals().limited).toMatchObject({ source: 5, idle: 5 })
    metrics.lagged(5000)
    for (let second = 11; second <= 15; second++) tell(second)
    expect(metrics.totals().limited).toMatchObject({ source: 10, idle: 5 })
  })

  it('is waiting for the source again when nobody can tell any more how far behind the copy is', () => {
    const { clock, metrics } = jobMetrics()
    metrics.lagged(0)
    const tell = (second: number) => {
      clock.now = second * 1000
      metrics.record(0, workerMetricsOf({ limited: { ...NO_SECONDS, source: second } }))
    }
    for (let second = 1; second <= 60; second++) tell(second)
    const { idle, source } = metrics.totals().limited
    expect([idle, source]).toEqual([15, 45])
  })

  it('of a copy that delivers nothing and is behind is waiting for the source', () => {
    const { metrics } = jobMetrics()
    metrics.lagged(1)
    metrics.record(0, workerMetricsOf({ limited: { ...NO_SECONDS, source: 3 } }))
    expect(metrics.totals().limited).toMatchObject({ source: 3, idle: 0 })
  })
})
