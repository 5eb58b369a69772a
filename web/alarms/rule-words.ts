import type { AlarmRuleInput, AlarmSubject } from '../../src/api/contract.ts'
import { STATE_WORDS } from '../format/state-words.ts'

export interface SubjectWords {
  readonly title: string
  /** Behind the number; '' = a bare number. */
  readonly unit: string
  /** What is typed, times this, is what is stored. */
  readonly factor: number
  readonly usual: 'above' | 'below'
}

export const SUBJECTS: Readonly<Record<Exclude<AlarmSubject, 'state'>, SubjectWords>> = {
  lagRecords: { title: 'Lag in records', unit: 'records', factor: 1, usual: 'above' },
  lagSeconds: { title: 'Lag in time', unit: 's', factor: 1, usual: 'above' },
  latencyP99Ms: { title: 'Replication latency p99', unit: 'ms', factor: 1, usual: 'above' },
  recordsPerSecond: { title: 'Throughput in records', unit: 'records/s', factor: 1, usual: 'below' },
  bytesPerSecond: { title: 'Throughput in bytes', unit: 'MiB/s', factor: 2 ** 20, usual: 'below' },
  backPressure: { title: 'Back pressure of the target', unit: '%', factor: 0.01, usual: 'above' },
  badRecords: { title: 'Records refused in five minutes', unit: 'records', factor: 1, usual: 'above' },
  certificateDays: { title: 'Days until a certificate expires', unit: 'days', factor: 1, usual: 'below' }
}

export const SUBJECT_TITLES: readonly (readonly [AlarmSubject, string])[] = [
  ['state', 'State of a job'],
  ...Object.entries(SUBJECTS).map(([subject, { title }]) => [subject as AlarmSubject, title] as const)
]

/** "Lag in time above 300 s for 2 m" */
export function conditionWords({ subject, condition, forSeconds }: Omit<AlarmRuleInput, 'title'>): string {
  const held = forSeconds === 0 ? '' : ` for ${secondsWords(forSeconds)}`
  if (condition.is === 'one of') {
    return `State is ${condition.states.map((state) => STATE_WORDS[state].word.toLowerCase()).join(' or ')}${held}`
  }
  if (subject === 'state') return `State${held}`
  const { title, unit, factor } = SUBJECTS[subject]
  return `${title} ${condition.is} ${shownNumber(condition.value, factor)}${unit === '' ? '' : ` ${unit}`}${held}`
}

/** What the field shows of a stored value, without the dust of binary fractions. */
export function shownNumber(value: number, factor: number): string {
  return String(Number((value / factor).toPrecision(12)))
}

/** 90 → "90 s", 120 → "2 m", 3600 → "1 h". */
export function secondsWords(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return `${String(seconds / 3600)} h`
  if (seconds >= 60 && seconds % 60 === 0) return `${String(seconds / 60)} m`
  return `${String(seconds)} s`
}

/** "2m", "90 s", "1h 30m", "45": seconds; undefined = none of these. */
export function readSeconds(text: string): number | undefined {
  const clean = text.trim().toLowerCase()
  if (/^\d+$/.test(clean)) return Number(clean)
  if (!/^(?:\d+ ?[smh] ?)+$/.test(clean)) return undefined
  const units = { s: 1, m: 60, h: 3600 } as const
  let sum = 0
  for (const [, amount, unit] of clean.matchAll(/(\d+) ?([smh])/g))
    sum += Number(amount) * units[unit as 's' | 'm' | 'h']
  return sum
}

/** An id that can stand in an address, and that no other rule has. */
export function ruleId(title: string, taken: readonly string[]): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60)
  const base = words === '' ? 'rule' : words
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${String(number)}`
    if (!taken.includes(id)) return id
  }
}
