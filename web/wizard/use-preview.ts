import { useCallback, useEffect, useState } from 'preact/hooks'
import type { PlanView, Validation } from '../../src/api/contract.ts'
import { previewJob, validateJob } from '../api/jobs.ts'
import type { RequestFailed } from '../api/request-failed.ts'
import { asFailure } from '../api/use-loaded.ts'

export interface Preview {
  /** Of the last configuration that could be planned. */
  readonly plan: PlanView | undefined
  readonly validation: Validation | undefined
  readonly error: RequestFailed | undefined
  /** What is shown is not of the present configuration yet. */
  readonly isLoading: boolean
  readonly refresh: () => void
}

type State = Omit<Preview, 'refresh'>

const PATIENCE_MS = 500

/** What the service says of a configuration, some time after it has changed. */
export function usePreview(yaml: string, isWanted: boolean): Preview {
  const [state, setState] = useState<State>({
    plan: undefined,
    validation: undefined,
    error: undefined,
    isLoading: false
  })
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (!isWanted) return undefined
    const controller = new AbortController()
    const isCurrent = (): boolean => !controller.signal.aborted
    const ask = async (): Promise<void> => {
      const validation = await validateJob({ config: yaml })
      if (!isCurrent()) return
      setState((before) => ({ ...before, validation, error: undefined }))
      if (!validation.ok) return setState((before) => ({ ...before, isLoading: false }))
      const plan = await previewJob({ config: yaml }, controller.signal)
      if (isCurrent()) setState((before) => ({ ...before, plan, isLoading: false }))
    }
    setState((before) => ({ ...before, isLoading: true }))
    const timer = setTimeout(
      () =>
        void ask().catch((cause: unknown) => {
          if (isCurrent()) setState((before) => ({ ...before, error: asFailure(cause), isLoading: false }))
        }),
      PATIENCE_MS
    )
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [yaml, isWanted, round])
  const refresh = useCallback(() => setRound((before) => before + 1), [])
  return { ...state, refresh }
}
