import type { JsonMap, JsonValue } from '../../../src/api/contract.ts'
import { type Path, withValue } from './json-path.ts'

export interface WizardState {
  /** As which the job is stored; undefined = not yet. */
  readonly stored: { readonly name: string; readonly revision: number } | undefined
  readonly config: JsonMap
  /** As it is stored. */
  readonly saved: JsonMap | undefined
}

export type WizardAction =
  | { readonly type: 'set'; readonly path: Path; readonly value: JsonValue | undefined }
  /** From a file, or several at once. */
  | { readonly type: 'replace'; readonly config: JsonMap }
  | { readonly type: 'saved'; readonly name: string; readonly revision: number; readonly config: JsonMap }

export const NEW: WizardState = { stored: undefined, config: {}, saved: undefined }

export function wizardReducer(state: WizardState, action: WizardAction): WizardState {
  switch (action.type) {
    case 'set':
      return { ...state, config: withValue(state.config, action.path, action.value) }
    case 'replace':
      // The name is the address of what is stored: another name would be another job.
      return {
        ...state,
        config: state.stored ? { ...action.config, name: state.stored.name } : action.config
      }
    case 'saved':
      return {
        ...state,
        stored: { name: action.name, revision: action.revision },
        saved: action.config,
        // Somebody may have gone on typing while it was saved.
        config: state.config
      }
  }
}

export function isDirty({ config, saved }: WizardState): boolean {
  return saved === undefined || JSON.stringify(config) !== JSON.stringify(saved)
}
