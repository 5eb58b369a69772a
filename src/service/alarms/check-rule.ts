import type { AlarmRuleInput } from '../../api/contract.ts'
import { badRequest } from '../service-errors.ts'

const LONGEST_SECONDS = 86_400

/** Throws MR_SERVICE_REQUEST when the rule can't mean anything. @param channels the names of those there are */
export function checkRule(rule: AlarmRuleInput, channels: readonly string[]): void {
  const { title, subject, condition, forSeconds, notify } = rule
  if (title.trim() === '') throw badRequest('The rule has no title.', 'Say in a few words what it is about.')
  if ((subject === 'state') !== (condition.is === 'one of')) {
    throw badRequest(
      subject === 'state' ? 'A state is compared with a number.' : `${subject} is compared with states.`,
      'Use `one of` with states for the subject `state`, `above` or `below` with a number for all others.'
    )
  }
  if (condition.is === 'one of') {
    if (condition.states.length === 0) throw badRequest('The rule names no state.', 'Name one state or more.')
  } else if (!Number.isFinite(condition.value)) {
    throw badRequest('The value of the rule is no number.', 'Send a number.')
  }
  if (!(forSeconds >= 0 && forSeconds <= LONGEST_SECONDS)) {
    throw badRequest(`forSeconds is ${forSeconds}.`, `Say 0 to ${LONGEST_SECONDS} seconds.`)
  }
  const unknown = notify.find((name) => !channels.includes(name))
  if (unknown !== undefined) throw badRequest(`There is no channel ${unknown}.`, 'Make it first, or leave it out.')
}
