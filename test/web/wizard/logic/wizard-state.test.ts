import { describe, expect, it } from 'vitest'
import {
  isDirty,
  NEW,
  type WizardAction,
  type WizardState,
  wizardReducer
} from '../../../../web/wizard/logic/wizard-state.ts'

const after = (...actions: readonly WizardAction[]): WizardState => actions.reduce(wizardReducer, NEW)

describe('the state of the wizard', () => {
  it('is dirty until it is saved, and again after a change', () => {
    const typed = after({ type: 'set', path: ['name'], value: 'a' })
    expect(isDirty(typed)).toBe(true)
    const saved = wizardReducer(typed, { type: 'saved', name: 'a', revision: 1, config: typed.config })
    expect(isDirty(saved)).toBe(false)
    expect(isDirty(wizardReducer(saved, { type: 'set', path: ['workers'], value: 2 }))).toBe(true)
  })

  it('keeps what was typed while it was saved', () => {
    const sent = after({ type: 'set', path: ['name'], value: 'a' })
    const typed = wizardReducer(sent, { type: 'set', path: ['workers'], value: 2 })
    const saved = wizardReducer(typed, { type: 'saved', name: 'a', revision: 1, config: sent.config })
    expect(saved.config).toEqual({ name: 'a', workers: 2 })
    expect(isDirty(saved)).toBe(true)
  })

  it('keeps the name of a stored job when a file is imported', () => {
    const stored = after(
      { type: 'saved', name: 'a', revision: 3, config: { name: 'a' } },
      { type: 'replace', config: { name: 'b', topics: { include: ['x'] } } }
    )
    expect(stored.config).toEqual({ name: 'a', topics: { include: ['x'] } })
    expect(after({ type: 'replace', config: { name: 'b' } }).config).toEqual({ name: 'b' })
  })
})
