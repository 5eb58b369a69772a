import type { JobAction, JobLifecycleState } from '../../api/contract.ts'

/*
 * The life of a job: which state follows which event. Everything else in the service asks here. docs/service.md has the
 * same as a diagram, and a test compares them.
 */

/** What users do, what the job's process is seen to be, and what becomes of it. */
export type LifecycleEvent =
  | 'edit'
  | 'submit'
  | 'start'
  | 'retry-authentication'
  | 'stop'
  /** Seen from outside: all is copied, the job is paused as a whole, some partitions have stopped. */
  | 'running'
  | 'paused'
  | 'degraded'
  /** The process ended as it should. */
  | 'completed'
  | 'stopped'
  /** It can't go on. */
  | 'failed'
  | 'authentication-refused'
  /** The process ended by itself and is started again after a while; or the service was. */
  | 'restarting'

type Transitions = Readonly<Partial<Record<LifecycleEvent, JobLifecycleState>>>

const ENDS: Transitions = { completed: 'COMPLETED', failed: 'FAILED', 'authentication-refused': 'AUTH_FAILED' }
const SEEN: Transitions = { running: 'RUNNING', paused: 'PAUSED', degraded: 'DEGRADED' }
const ACTIVE: Transitions = { ...SEEN, ...ENDS, stop: 'STOPPING', restarting: 'STARTING' }
const STILL: Transitions = { submit: 'SUBMITTED', start: 'STARTING' }

/** An edit of a job that runs, or has run, does not change its state: it takes effect by the next start. */
export const TRANSITIONS: Readonly<Record<JobLifecycleState, Transitions>> = {
  DRAFT: { edit: 'DRAFT', submit: 'SUBMITTED' },
  SUBMITTED: { ...STILL, edit: 'DRAFT' },
  STARTING: { ...ACTIVE, edit: 'STARTING' },
  RUNNING: { ...ACTIVE, edit: 'RUNNING' },
  PAUSED: { ...ACTIVE, edit: 'PAUSED' },
  DEGRADED: { ...ACTIVE, edit: 'DEGRADED' },
  STOPPING: { ...ENDS, edit: 'STOPPING', stop: 'STOPPING', stopped: 'STOPPED' },
  STOPPED: { ...STILL, edit: 'STOPPED' },
  COMPLETED: { ...STILL, edit: 'COMPLETED' },
  FAILED: { ...STILL, edit: 'FAILED' },
  AUTH_FAILED: { ...STILL, edit: 'AUTH_FAILED', 'retry-authentication': 'STARTING' }
}

/** Undefined = that can't happen in this state. */
export function nextState(state: JobLifecycleState, event: LifecycleEvent): JobLifecycleState | undefined {
  return TRANSITIONS[state][event]
}

/** It has a process, or is to have one: what a restart of the service starts again. */
export function isActive(state: JobLifecycleState): boolean {
  return TRANSITIONS[state].restarting !== undefined
}

/** Nothing of it runs. */
export function isStill(state: JobLifecycleState): boolean {
  return !isActive(state) && state !== 'STOPPING'
}

const BY_EVENT: readonly (JobAction & LifecycleEvent)[] = ['edit', 'submit', 'start', 'stop', 'retry-authentication']

/** What can be done with a job in this state. */
export function actionsIn(state: JobLifecycleState, hasPauses: boolean): readonly JobAction[] {
  const actions: JobAction[] = BY_EVENT.filter((action) => nextState(state, action) !== undefined)
  if (isActive(state) && state !== 'PAUSED') actions.push('pause')
  if (isActive(state) && hasPauses) actions.push('resume')
  if (isStill(state)) actions.push('delete')
  if (isStill(state) && state !== 'DRAFT') actions.push('reset-position')
  // Once is enough, and it is on its way.
  return state === 'STOPPING' ? actions.filter((action) => action === 'edit' || action === 'stop') : actions
}
