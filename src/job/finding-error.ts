import type { Finding } from '../control/plan-types.ts'
import { MillraceError } from '../model/millrace-error.ts'

export function findingError({ code, message, next, topic, partition }: Finding): MillraceError {
  return new MillraceError({
    code,
    kind: 'refused',
    message,
    next,
    place: { ...(topic !== undefined && { topic }), ...(partition !== undefined && { partition }) }
  })
}
