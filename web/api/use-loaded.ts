import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { RequestFailed } from './request-failed.ts'
import { noAnswer } from './read-problem.ts'

export interface Loaded<T> {
  /** undefined = not there yet. Stays while it is loaded again, also when that fails. */
  readonly value: T | undefined
  readonly error: RequestFailed | undefined
  readonly reload: () => void
  /** What changed meanwhile, such as by the stream. */
  readonly change: (change: (value: T) => T) => void
}

/**
 * Loads when the component comes and whenever `key` changes; an answer that is too late is dropped. What changes while an
 * answer is on its way is applied to it as well: it may have been given before.
 */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: RequestFailed }>({ key })
  const [round, setRound] = useState(0)
  const latest = useRef(load)
  latest.current = load
  const meanwhile = useRef<((value: T) => T)[] | undefined>(undefined)

  useEffect(() => {
    const controller = new AbortController()
    meanwhile.current = []
    setState((before) => (before.key === key ? before : { key }))
    latest.current(controller.signal).then(
      (given) => {
        if (controller.signal.aborted) return
        const value = (meanwhile.current ?? []).reduce((now, apply) => apply(now), given)
        meanwhile.current = undefined
        setState({ key, value })
      },
      (cause: unknown) => {
        if (controller.signal.aborted) return
        meanwhile.current = undefined
        const error = asFailure(cause)
        setState((before) => ({ ...before, error }))
      }
    )
    return () => controller.abort()
  }, [key, round])

  const reload = useCallback(() => setRound((before) => before + 1), [])
  const change = useCallback((apply: (value: T) => T) => {
    meanwhile.current?.push(apply)
    setState((before) => (before.value === undefined ? before : { ...before, value: apply(before.value) }))
  }, [])
  const isOfKey = state.key === key
  return { value: isOfKey ? state.value : undefined, error: isOfKey ? state.error : undefined, reload, change }
}

export function asFailure(cause: unknown): RequestFailed {
  return cause instanceof RequestFailed ? cause : noAnswer(cause)
}
