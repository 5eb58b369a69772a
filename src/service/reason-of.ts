import type { Reason } from '../api/contract.ts'
import { errorReport } from '../job/error-report.ts'
import type { ErrorReport } from '../job/worker/worker-messages.ts'

/** An error as those see it who talk to the service. */
export function reasonOf(error: unknown): Reason {
  return reasonOfReport(errorReport(error))
}

export function reasonOfReport({ code, message, next, place }: Omit<ErrorReport, 'kind'>): Reason {
  return { code, message, next: next ?? null, ...(Object.keys(place).length > 0 && { place }) }
}
