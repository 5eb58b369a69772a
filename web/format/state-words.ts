import type { JobLifecycleState } from '../../src/api/contract.ts'

/** The colour of a state: a class name of styles/parts.css. */
export type Tone = 'running' | 'degraded' | 'moving' | 'paused' | 'ended' | 'failed'
/** Colour alone says nothing to some: each meaning has a shape, too. */
export type Shape = 'dot' | 'half' | 'ring' | 'bars' | 'square' | 'check' | 'diamond' | 'dashed' | 'circle'

export interface StateWords {
  readonly word: string
  readonly tone: Tone
  readonly shape: Shape
}

export const STATE_WORDS: Readonly<Record<JobLifecycleState, StateWords>> = {
  DRAFT: { word: 'Draft', tone: 'ended', shape: 'dashed' },
  SUBMITTED: { word: 'Submitted', tone: 'ended', shape: 'circle' },
  STARTING: { word: 'Starting', tone: 'moving', shape: 'ring' },
  RUNNING: { word: 'Running', tone: 'running', shape: 'dot' },
  PAUSED: { word: 'Paused', tone: 'paused', shape: 'bars' },
  DEGRADED: { word: 'Degraded', tone: 'degraded', shape: 'half' },
  STOPPING: { word: 'Stopping', tone: 'moving', shape: 'ring' },
  STOPPED: { word: 'Stopped', tone: 'ended', shape: 'square' },
  COMPLETED: { word: 'Completed', tone: 'ended', shape: 'check' },
  FAILED: { word: 'Failed', tone: 'failed', shape: 'diamond' },
  AUTH_FAILED: { word: 'Auth failed', tone: 'failed', shape: 'diamond' }
}
