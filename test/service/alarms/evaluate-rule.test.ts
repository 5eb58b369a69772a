import { describe, expect, it } from 'vitest'
import type { AlarmSubject, Connection, JobListItem } from '../../../src/api/contract.ts'
import { alarmFacts } from '../../../src/service/alarms/alarm-facts.ts'
import { checkRule } from '../../../src/service/alarms/check-rule.ts'
import { evaluateRule } from '../../../src/service/alarms/evaluate-rule.ts'
import { ALARM_PRESETS } from '../../../src/service/alarms/presets.ts'
import { factsOf, figuresOf } from './facts.ts'

const above = (subject: AlarmSubject, value: number) => ({ subject, condition: { is: 'above', value } }) as const
const below = (subject: AlarmSubject, value: number) => ({ subject, condition: { is: 'below', value } }) as const

describe('a rule', () => {
  it.each([
    [
      above('lagRecords', 10),
      factsOf({ figures: figuresOf({ lagRecords: 11 }) }),
      'The lag of dr is 11 records, above 10 records.'
    ],
    [
      above('lagSeconds', 10),
      factsOf({ figures: figuresOf({ lagSeconds: 11.5 }) }),
      'The lag of dr is 11.5 s, above 10 s.'
    ],
    [above('latencyP99Ms', 4), factsOf(), 'The replication latency (p99) of dr is 5 ms, above 4 ms.'],
    [below('recordsPerSecond', 101), factsOf(), 'The throughput of dr is 100 records/s, below 101 records/s.'],
    [below('bytesPerSecond', 2048), factsOf(), 'The throughput of dr is 1000 B/s, below 2.0 KiB/s.'],
    [above('badRecords', 0), factsOf({ badRecords: 3 }), 'above 0'],
    [below('certificateDays', 14), factsOf({ certificateDays: 13.2 }), 'is 13.2 days, below 14 days'],
    [
      { subject: 'state', condition: { is: 'one of', states: ['FAILED'] } } as const,
      factsOf({ state: 'FAILED' }),
      'dr is FAILED.'
    ]
  ])('says what holds: %o', (rule, facts, text) => {
    const outcome = evaluateRule(rule, facts)
    expect(outcome).toMatchObject({ is: 'held', text: expect.stringContaining(text) as string })
  })

  it('does not hold exactly at its value', () => {
    expect(evaluateRule(above('recordsPerSecond', 100), factsOf()).is).toBe('not held')
    expect(evaluateRule(below('recordsPerSecond', 100), factsOf()).is).toBe('not held')
  })

  it.each([
    ['nothing was measured', below('recordsPerSecond', 1), factsOf({ figures: null })],
    [
      'the end of the source is not known',
      below('lagRecords', 1),
      factsOf({ figures: figuresOf({ lagRecords: null }) })
    ],
    [
      'there were no batches',
      below('latencyP99Ms', 1),
      factsOf({ figures: figuresOf({ replicationLatencyMs: null }) })
    ],
    ['refused records were not counted', below('badRecords', 1), factsOf({ badRecords: null })],
    [
      'the job failed, so that nobody knows its lag',
      below('lagRecords', 1),
      factsOf({ state: 'FAILED', figures: null })
    ]
  ])('does not take for 0 what is not known: %s', (_, rule, facts) => {
    expect(evaluateRule(rule, facts)).toEqual({ is: 'unknown' })
  })

  it('holds when nothing is delivered of a lag, which lasts for ever', () => {
    const stuck = factsOf({ figures: figuresOf({ lagRecords: 5, lagSeconds: null }) })
    expect(evaluateRule(above('lagSeconds', 1e9), stuck).is).toBe('held')
    const nobodyKnows = factsOf({ figures: figuresOf({ lagRecords: null, lagSeconds: null }) })
    expect(evaluateRule(above('lagSeconds', 1), nobodyKnows).is).toBe('unknown')
  })

  it.each(['STOPPED', 'COMPLETED', 'DRAFT', 'SUBMITTED'] as const)('is over when the job is %s', (state) => {
    expect(evaluateRule(above('lagRecords', 1), factsOf({ state })).is).toBe('ended')
  })

  it('on speed is over while somebody has paused the job; one on lag is not', () => {
    expect(evaluateRule(below('recordsPerSecond', 1), factsOf({ state: 'PAUSED' })).is).toBe('ended')
    expect(evaluateRule(below('lagRecords', 1), factsOf({ state: 'PAUSED' })).is).toBe('held')
  })

  it('on certificates is over where there are none', () => {
    expect(evaluateRule(below('certificateDays', 14), factsOf()).is).toBe('ended')
  })
})

describe('what rules are held against', () => {
  const item = { name: 'dr', state: 'RUNNING', figures: figuresOf() } as JobListItem
  const connection = (job: string, certificateExpiresAt: number | null) =>
    ({ usedBy: [{ job, side: 'source', running: true }], certificateExpiresAt }) as Partial<Connection> as Connection
  const DAY = 86_400_000

  it('is not what was measured long ago', () => {
    expect(alarmFacts(item, { at: 0, badRecords: 1 }, [], 15_000).figures).not.toBeNull()
    expect(alarmFacts(item, { at: 0, badRecords: 1 }, [], 15_001)).toMatchObject({ figures: null, badRecords: null })
  })

  it('has the certificate of the job that expires first, also when it has expired', () => {
    const all = [connection('dr', 9 * DAY), connection('dr', 3 * DAY), connection('dr', null), connection('x', DAY)]
    expect(alarmFacts(item, { at: 0, badRecords: null }, all, DAY).certificateDays).toBe(2)
    expect(alarmFacts(item, { at: 0, badRecords: null }, all, 4 * DAY).certificateDays).toBe(-1)
    expect(alarmFacts(item, { at: 0, badRecords: null }, [], 0).certificateDays).toBeNull()
  })
})

describe('rules that mean nothing are refused', () => {
  const [preset] = ALARM_PRESETS
  const rule = {
    ...preset,
    title: 'x',
    subject: 'lagRecords',
    condition: { is: 'above', value: 1 },
    notify: []
  } as const

  it('but none of the presets', () => {
    for (const one of ALARM_PRESETS) expect(() => checkRule(one, [])).not.toThrow()
    expect(new Set(ALARM_PRESETS.map(({ subject }) => subject)).size).toBeGreaterThanOrEqual(7)
  })

  it.each([
    [{ title: ' ' }],
    [{ subject: 'state' }],
    [{ condition: { is: 'one of', states: ['FAILED'] } }],
    [{ subject: 'state', condition: { is: 'one of', states: [] } }],
    [{ condition: { is: 'above', value: NaN } }],
    [{ forSeconds: -1 }],
    [{ forSeconds: NaN }],
    [{ notify: ['nobody'] }]
  ])('%o', (changes) => {
    const changed = { ...rule, forSeconds: 0, severity: 'warning', jobs: [], enabled: true, ...changes } as never
    expect(() => checkRule(changed, ['ops'])).toThrow(expect.objectContaining({ code: 'MR_SERVICE_REQUEST' }))
  })
})
