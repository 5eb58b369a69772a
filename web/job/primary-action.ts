import type { JobAction } from '../../src/api/contract.ts'

/** The step that most likely comes next, of those that can be done now; it has its button at the same place always. */
const BY_LIKELIHOOD: readonly JobAction[] = ['retry-authentication', 'resume', 'start', 'submit', 'stop']

/** In the menu, in this order. */
const IN_MENU: readonly JobAction[] = [
  'start',
  'resume',
  'pause',
  'stop',
  'submit',
  'retry-authentication',
  'reset-position',
  'delete'
]

export function primaryAction(actions: readonly JobAction[]): JobAction | undefined {
  // What runs with some partitions paused can be paused and resumed: then neither is the obvious step.
  const isUndecided = actions.includes('pause')
  return BY_LIKELIHOOD.find((action) => actions.includes(action) && !(isUndecided && action === 'resume'))
}

export function menuActions(actions: readonly JobAction[]): readonly JobAction[] {
  const primary = primaryAction(actions)
  return IN_MENU.filter((action) => actions.includes(action) && action !== primary)
}

export const ACTION_WORDS: Readonly<Record<JobAction, string>> = {
  edit: 'Edit',
  submit: 'Submit',
  start: 'Start',
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  'reset-position': 'Reset position',
  'retry-authentication': 'Try credentials again',
  delete: 'Delete'
}
