import { useCallback, useState } from 'preact/hooks'
import type { RequestFailed } from './request-failed.ts'
import { asFailure } from './use-loaded.ts'

export interface Action<Arguments extends readonly unknown[]> {
  /** true = done. Never throws: what went wrong is in `error`. */
  readonly run: (...args: Arguments) => Promise<boolean>
  readonly isRunning: boolean
  readonly error: RequestFailed | undefined
  readonly clear: () => void
}

/** Something with an effect that is asked of the service: a button is busy as long as it takes. */
export function useAction<Arguments extends readonly unknown[]>(
  act: (...args: Arguments) => Promise<unknown>
): Action<Arguments> {
  const [state, setState] = useState<{ isRunning: boolean; error?: RequestFailed }>({ isRunning: false })
  const run = async (...args: Arguments) => {
    setState({ isRunning: true })
    try {
      await act(...args)
      setState({ isRunning: false })
      return true
    } catch (cause) {
      setState({ isRunning: false, error: asFailure(cause) })
      return false
    }
  }
  const clear = useCallback(() => setState({ isRunning: false }), [])
  return { run, isRunning: state.isRunning, error: state.error, clear }
}
