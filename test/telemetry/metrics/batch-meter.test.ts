import { describe, expect, it } from 'vitest'
import { NOTHING_TO_DELIVER } from '../../../src/model/settlement.ts'
import { BatchMeter, type MeteredBatch } from '../../../src/telemetry/metrics/batch-meter.ts'
import { quantile } from '../../../src/telemetry/metrics/histogram.ts'
import { LATENCY_BOUNDS } from '../../../src/telemetry/metrics/worker-metrics.ts'

const NOW = 1_800_000_000_000

function batchOf(firstTimestamp: number): MeteredBatch {
  return {
    bytes: 1000,
    firstTimestamp,
    times: { pollBegan: 1000, fetched: 1100, sent: 1110, delivered: 1160 }
  }
}

const delivered = { delivered: 10, altered: 0, runs: [] }

describe('the meter of batches', () => {
  it('takes a batch as one observation: size, way through the mirror, age of the first record', () => {
    const meter = new BatchMeter(() => NOW)
    meter.settled(delivered, batchOf(NOW - 4000))
    const { replicationLatency, pipelineLatency, batchRecords, batchBytes, clockSkew } = meter.read()
    expect(replicationLatency).toMatchObject({ count: 1, sum: 4 })
    expect(pipelineLatency.sum).toBeCloseTo(0.06)
    expect(batchRecords).toMatchObject({ count: 1, sum: 10 })
    expect(batchBytes).toMatchObject({ count: 1, sum: 1000 })
    expect(quantile(LATENCY_BOUNDS, replicationLatency, 0.99)).toBeLessThanOrEqual(5)
    expect(clockSkew).toBe(0)
  })

  it('tells clock skew instead of a latency below 0, and no latency of records without a timestamp', () => {
    const meter = new BatchMeter(() => NOW)
    meter.settled(delivered, batchOf(NOW + 60_000))
    meter.settled(delivered, batchOf(-1))
    const { replicationLatency, pipelineLatency, clockSkew } = meter.read()
    expect(replicationLatency).toMatchObject({ count: 1, sum: 0 })
    expect(pipelineLatency.count).toBe(2)
    expect(clockSkew).toBe(1)
  })

  it('ignores batches without records', () => {
    const meter = new BatchMeter(() => NOW)
    meter.settled(NOTHING_TO_DELIVER, { bytes: 0, firstTimestamp: -1, times: { pollBegan: 0, fetched: 0 } })
    expect(meter.read().batchRecords.count).toBe(0)
  })

  it('counts records that were not delivered by the name of the error, and a bounded number of names', () => {
    const meter = new BatchMeter(() => NOW)
    const failed = (name: string) => {
      const failure = { code: 10, name, offset: 0, count: 3, kind: 'refused' } as const
      meter.settled({ delivered: 7, altered: 0, runs: [], failure }, batchOf(NOW))
    }
    failed('MSG_SIZE_TOO_LARGE')
    failed('MSG_SIZE_TOO_LARGE')
    expect(meter.read()).toMatchObject({ undelivered: { MSG_SIZE_TOO_LARGE: 6 }, pipelineLatency: { count: 0 } })
    for (let index = 0; index < 100; index++) failed(`ERROR_${index}`)
    const names = Object.keys(meter.read().undelivered)
    expect(names).toHaveLength(65)
    expect(meter.read().undelivered['other']).toBe(3 * 37)
  })
})
