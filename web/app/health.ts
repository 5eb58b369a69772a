import { signal } from '@preact/signals'
import type { Health } from '../../src/api/contract.ts'

/** Of the service, as it said last. */
export const health = signal<Health | undefined>(undefined)
/** Alarms that fire, by id; the rail counts them. */
export const firingAlarms = signal<ReadonlySet<number>>(new Set())
