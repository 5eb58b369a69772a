import type { JobFigures } from '../../../src/api/contract.ts'
import type { AlarmFacts } from '../../../src/service/alarms/alarm-facts.ts'

const FIGURES: JobFigures = {
  records: 0,
  bytes: 0,
  rates: { recordsIn: 0, recordsOut: 100, bytesIn: 0, bytesOut: 1000 },
  lagRecords: 0,
  lagSeconds: 0,
  replicationLatencyMs: { p50: 1, p99: 5 },
  inFlightBytes: 0,
  inFlightLimit: 0,
  limiting: 'nothing',
  limitShares: { source: 0, mirror: 0, target: 0, rate: 0 },
  notCopied: { deadLettered: 0, skipped: 0, altered: 0, losses: 0 },
  memoryBytes: 0,
  memoryLimit: 0,
  workerRestarts: 0
}

export function figuresOf(changes: Partial<JobFigures> = {}): JobFigures {
  return { ...FIGURES, ...changes }
}

export function factsOf(changes: Partial<AlarmFacts> = {}): AlarmFacts {
  return { job: 'dr', state: 'RUNNING', figures: FIGURES, badRecords: 0, certificateDays: null, ...changes }
}
