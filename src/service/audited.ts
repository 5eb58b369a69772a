import { describeError } from '../model/millrace-error.ts'
import type { AuditLog } from './record/records.ts'
import type { Actor } from './service-port.ts'

export interface Deed {
  /** Such as `job.start`. */
  readonly action: string
  /** Such as `job orders-to-dr`. */
  readonly subject: string
  readonly detail?: string
}

/**
 * Does something and writes down who did it, or who was refused. A line that can't be written takes nothing back: the
 * recording side says in the health of the service that its disk is in trouble.
 */
export async function audited<T>(log: AuditLog, { who }: Actor, deed: Deed, task: () => Promise<T>): Promise<T> {
  const { action, subject, detail = '' } = deed
  try {
    const result = await task()
    await log.write({ who, action, subject, detail, outcome: 'done' }).catch(() => undefined)
    return result
  } catch (error) {
    const why = [detail, describeError(error)].filter((part) => part !== '').join(': ')
    await log.write({ who, action, subject, detail: why, outcome: 'refused' }).catch(() => undefined)
    throw error
  }
}
