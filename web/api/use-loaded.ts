import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { RequestFailed } from './request-failed.ts'
import { noAnswer } from './read-problem.ts'

export interface Loaded<T> {
  /** undefined = not there yet. Stays while it is loaded again, also when that fails. */
  readonly value: T | undefined
  readonly error: RequestFailed | undefined
  readonly isLoading: boolean
  readonly reload: () => void
  /** What changed meanwhile, such as by the stream. */
  readonly change: (change: (value: T) => T) => void
}

/** Loads when the component comes and whenever `key` changes; an answer that is too late is dropped. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: RequestFailed; isLoading: boolean }>({
    key,
    isLoading: true
  })
  const [round, setRound] = useState(0)
  const latest = useRef(load)
  latest.current = load

  useEffect(() => {
    const controller = new AbortController()
    setState((before) => (before.key === key ? { ...before, isLoading: true } : { key, isLoading: true }))
    latest.current(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setState({ key, value, isLoading: false })
      },
      (cause: unknown) => {
        if (controller.signal.aborted) return
        const error = asFailure(cause)
        setState((before) => ({ ...before, error, isLoading: false }))
      }
    )
    return () => controller.abort()
  }, [key, round])

  const reload = useCallback(() => setRound((before) => before + 1), [])
  const change = useCallback((apply: (value: T) => T) => {
    setState((before) => (before.value === undefined ? before : { ...before, value: apply(before.value) }))
  }, [])
  const isOfKey = state.key === key
  return {
    value: isOfKey ? state.value : undefined,
    error: isOfKey ? state.error : undefined,
    isLoading: state.isLoading || !isOfKey,
    reload,
    change
  }
}

export function asFailure(cause: unknown): RequestFailed {
  return cause instanceof RequestFailed ? cause : noAnswer(cause)
}
