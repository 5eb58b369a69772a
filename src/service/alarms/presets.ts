import type { AlarmRuleInput } from '../../api/contract.ts'

const common = { jobs: [], notify: [], enabled: true } as const

/** Rules to begin with; thresholds want your own numbers. */
export const ALARM_PRESETS: readonly AlarmRuleInput[] = [
  {
    ...common,
    title: 'A job has failed',
    subject: 'state',
    condition: { is: 'one of', states: ['FAILED', 'AUTH_FAILED'] },
    forSeconds: 0,
    severity: 'critical'
  },
  {
    ...common,
    title: 'Partitions of a job have stopped',
    subject: 'state',
    condition: { is: 'one of', states: ['DEGRADED'] },
    forSeconds: 60,
    severity: 'critical'
  },
  {
    ...common,
    title: 'A job is more than five minutes behind',
    subject: 'lagSeconds',
    condition: { is: 'above', value: 300 },
    forSeconds: 300,
    severity: 'warning'
  },
  {
    ...common,
    title: 'A job is more than a million records behind',
    subject: 'lagRecords',
    condition: { is: 'above', value: 1_000_000 },
    forSeconds: 600,
    severity: 'warning'
  },
  {
    ...common,
    title: 'Records arrive late',
    subject: 'latencyP99Ms',
    condition: { is: 'above', value: 60_000 },
    forSeconds: 600,
    severity: 'warning'
  },
  {
    ...common,
    title: 'Nothing is copied',
    subject: 'recordsPerSecond',
    condition: { is: 'below', value: 1 },
    forSeconds: 600,
    severity: 'warning'
  },
  {
    ...common,
    title: 'The target limits the copy',
    subject: 'backPressure',
    condition: { is: 'above', value: 0.8 },
    forSeconds: 900,
    severity: 'warning'
  },
  {
    ...common,
    title: 'The target refuses records',
    subject: 'badRecords',
    condition: { is: 'above', value: 0 },
    forSeconds: 0,
    severity: 'warning'
  },
  {
    ...common,
    title: 'A client certificate expires within two weeks',
    subject: 'certificateDays',
    condition: { is: 'below', value: 14 },
    forSeconds: 0,
    severity: 'warning'
  }
]
