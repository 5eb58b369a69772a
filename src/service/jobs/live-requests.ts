import type { LiveChange, PauseRequest } from '../../api/contract.ts'
import type { PauseTarget } from '../../model/pauses.ts'
import { badRequest } from '../service-errors.ts'
import { nullable, record, text, whole, word } from '../shape.ts'

const pauseRequest = record({}, { topic: text, partition: whole })
const liveChange = record(
  {},
  {
    rate: record({}, { bytes: nullable(aboveZero), records: nullable(aboveZero) }),
    logLevel: word('error', 'warn', 'info', 'debug')
  }
)

function aboveZero(value: unknown): value is number {
  return whole(value) && value > 0
}

/** Throws MR_SERVICE_REQUEST. */
export function readPauseRequest(request: PauseRequest): PauseTarget {
  const { topic, partition } = request
  const target = { ...(topic !== undefined && { topic }), ...(partition !== undefined && { partition }) }
  if (!pauseRequest(target) || (topic === undefined && partition !== undefined)) {
    throw badRequest(
      'What is to be paused or resumed is not said.',
      'Send nothing for the job, a topic, or a topic and a partition.'
    )
  }
  return target
}

/** Throws MR_SERVICE_REQUEST. */
export function readLiveChange({ rate, logLevel }: LiveChange): LiveChange {
  const given = rate === undefined ? {} : { rate: withoutUndefined(rate) }
  const change = { ...given, ...(logLevel !== undefined && { logLevel }) }
  if (!liveChange(change) || Object.keys(change).length === 0) {
    throw badRequest(
      'What is to change is not said.',
      'Send rate (bytes, records: a number above 0, or null) or logLevel.'
    )
  }
  return change
}

function withoutUndefined(rate: NonNullable<LiveChange['rate']>): NonNullable<LiveChange['rate']> {
  return Object.fromEntries(Object.entries(rate).filter(([, value]) => value !== undefined))
}
