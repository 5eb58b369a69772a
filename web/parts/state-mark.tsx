import type { JobLifecycleState } from '../../src/api/contract.ts'
import { STATE_WORDS, type Shape, type Tone } from '../format/state-words.ts'

/** Word, colour and shape of anything that has a state. */
export function Mark({ word, tone, shape }: { readonly word: string; readonly tone: Tone; readonly shape: Shape }) {
  return (
    <span class={`state ${tone}`}>
      <ShapeMark shape={shape} />
      {word}
    </span>
  )
}

export function StateMark({ state }: { readonly state: JobLifecycleState }) {
  return <Mark {...STATE_WORDS[state]} />
}

/** The shape alone, where the word stands elsewhere. */
export function ShapeMark({ shape }: { readonly shape: Shape }) {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" fill="none" stroke="currentColor">
      {drawing(shape)}
    </svg>
  )
}

function drawing(shape: Shape) {
  switch (shape) {
    case 'dot':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" stroke="none" />
    case 'half':
      return (
        <>
          <circle cx="6" cy="6" r="4.5" stroke-width="1.5" />
          <path d="M6 1.5a4.5 4.5 0 0 0 0 9Z" fill="currentColor" stroke="none" />
        </>
      )
    case 'ring':
      return <circle cx="6" cy="6" r="4.2" stroke-width="1.8" stroke-dasharray="20 7" />
    case 'bars':
      return <path d="M4 2v8M8 2v8" stroke-width="2.2" />
    case 'square':
      return <rect x="2" y="2" width="8" height="8" rx="1" fill="currentColor" stroke="none" />
    case 'check':
      return <path d="M1.8 6.4 4.8 9.4 10.4 2.8" stroke-width="2" />
    case 'diamond':
      return <path d="M6 .8 11.2 6 6 11.2.8 6Z" fill="currentColor" stroke="none" />
    case 'dashed':
      return <circle cx="6" cy="6" r="4.4" stroke-width="1.5" stroke-dasharray="2.4 2.2" />
    case 'circle':
      return <circle cx="6" cy="6" r="4.4" stroke-width="1.6" />
  }
}
