import { useEffect, useReducer } from 'preact/hooks'
import type { Job, JsonMap, JsonValue } from '../../src/api/contract.ts'
import { getJob, putJob, validateJob } from '../api/jobs.ts'
import { type Loaded, useLoaded } from '../api/use-loaded.ts'
import { emitYaml } from './logic/emit-yaml.ts'
import { type Path, textAt } from './logic/json-path.ts'
import { isDirty, NEW, type WizardState, wizardReducer } from './logic/wizard-state.ts'
import { forgetUnsaved, readUnsaved, writeUnsaved } from './unsaved.ts'

export interface Wizard {
  readonly state: WizardState
  readonly config: JsonMap
  /** As the service takes it. */
  readonly yaml: string
  readonly loaded: Loaded<Job | null>
  readonly isDirty: boolean
  readonly set: (path: Path, value: JsonValue | undefined) => void
  readonly replace: (config: JsonMap) => void
  /** Stores the configuration; fails with RequestFailed. */
  readonly save: () => Promise<Job>
}

/** A new job, or the stored one of that name; what is not saved yet survives a reload of the page. */
export function useWizard(name: string | undefined): Wizard {
  const [state, dispatch] = useReducer(wizardReducer, NEW)
  const loaded = useLoaded<Job | null>(`wizard ${name ?? ''}`, async () => {
    const job = name === undefined ? null : await getJob(name)
    if (job !== null) {
      const { given } = await validateJob({ config: job.config })
      dispatch({ type: 'saved', name: job.name, revision: job.revision, config: given ?? {} })
      dispatch({ type: 'replace', config: given ?? {} })
    }
    const unsaved = readUnsaved(name, job?.revision)
    if (unsaved) dispatch({ type: 'replace', config: unsaved })
    return job
  })
  const yaml = emitYaml(state.config)
  const dirty = isDirty(state)
  useEffect(() => {
    if (loaded.value === undefined) return
    if (dirty) writeUnsaved(name, state.stored?.revision, state.config)
    else forgetUnsaved(name)
  }, [yaml, dirty, loaded.value === undefined])
  const save = async (): Promise<Job> => {
    const { config, stored } = state
    const job = await putJob(
      stored?.name ?? textAt(config, ['name']),
      { config: emitYaml(config) },
      stored ? { ifRevision: stored.revision } : { ifNew: true }
    )
    dispatch({ type: 'saved', name: job.name, revision: job.revision, config })
    loaded.change(() => job)
    forgetUnsaved(name)
    return job
  }
  return {
    state,
    config: state.config,
    yaml,
    loaded,
    isDirty: dirty,
    set: (path, value) => dispatch({ type: 'set', path, value }),
    replace: (config) => dispatch({ type: 'replace', config }),
    save
  }
}
