import { describe, expect, it } from 'vitest'
import type { JobAction } from '../../../src/api/contract.ts'
import { menuActions, primaryAction } from '../../../web/job/primary-action.ts'
import { parseLimit } from '../../../web/job/parse-limit.ts'

describe('the primary action', () => {
  it.each<[string, JobAction[], JobAction | undefined]>([
    ['a draft is submitted', ['edit', 'submit', 'delete'], 'submit'],
    ['a stopped job is started', ['edit', 'submit', 'start', 'reset-position', 'delete'], 'start'],
    ['a running one is stopped', ['edit', 'pause', 'stop'], 'stop'],
    ['a paused one goes on', ['edit', 'resume', 'stop'], 'resume'],
    ['one that runs with paused partitions is stopped', ['pause', 'resume', 'stop'], 'stop'],
    ['refused credentials are tried again', ['edit', 'start', 'retry-authentication'], 'retry-authentication'],
    ['nothing can be done', [], undefined]
  ])('%s', (_, actions, expected) => {
    expect(primaryAction(actions)).toBe(expected)
  })

  it('every action is either the primary one, in the menu, or the edit link', () => {
    const all: JobAction[] = [
      'edit',
      'submit',
      'start',
      'pause',
      'resume',
      'stop',
      'reset-position',
      'retry-authentication',
      'delete'
    ]
    expect(new Set([primaryAction(all), ...menuActions(all), 'edit'])).toEqual(new Set(all))
  })
})

it('a limit: nothing is none, nonsense and 0 are refused rather than unlimited', () => {
  expect(parseLimit('', 1)).toBeNull()
  expect(parseLimit(' 1.5 ', 1024 * 1024)).toBe(1_572_864)
  for (const text of ['0', '-1', '1e3', 'x', '1,5', '99999999999999999']) expect(parseLimit(text, 1)).toBeUndefined()
})
