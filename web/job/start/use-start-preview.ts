import { useEffect, useState } from 'preact/hooks'
import type { StartPreview } from '../../../src/api/contract.ts'
import { previewStart } from '../../api/jobs.ts'
import type { RequestFailed } from '../../api/request-failed.ts'
import { asFailure } from '../../api/use-loaded.ts'
import type { StartFormResult } from './start-form.ts'

/** While somebody still types or clicks, nothing is asked of the clusters. */
const QUIET_MS = 400

export interface StartPreviewState {
  readonly value?: StartPreview
  readonly error?: RequestFailed
}

/** What the start means; empty while it is being asked. */
export function useStartPreview(job: string, form: StartFormResult): StartPreviewState {
  const [state, setState] = useState<StartPreviewState>({})
  const asked = JSON.stringify(form)
  useEffect(() => {
    setState({})
    if (!form.ok) return undefined
    const controller = new AbortController()
    const timer = setTimeout(() => {
      previewStart(job, form.request, controller.signal).then(
        (value) => setState({ value }),
        (cause: unknown) => {
          if (!controller.signal.aborted) setState({ error: asFailure(cause) })
        }
      )
    }, QUIET_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [job, asked])
  return state
}
