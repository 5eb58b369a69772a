import type { ComponentChildren } from 'preact'
import type { Loaded } from '../api/use-loaded.ts'
import { formatExact } from '../format/numbers.ts'
import { Callout, ErrorBox } from './callout.tsx'

export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="loading" role="status" aria-busy="true">
      Loading {what}…
    </div>
  )
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** Says that not everything is shown, and what to do about it. */
export function TooMany({
  shown,
  total,
  what,
  next
}: {
  readonly shown: number
  /** null = more, nobody knows how many. */
  readonly total: number | null
  readonly what: string
  readonly next: string
}) {
  if (total !== null && shown >= total) return null
  return (
    <Callout
      tone="degraded"
      what={`${formatExact(shown)} of ${total === null ? 'more' : formatExact(total)} ${what} are shown.`}
      next={next}
      role="status"
    />
  )
}

/** Loading, error (with what was there before below it), or the value. */
export function LoadedView<T>({
  loaded,
  what,
  children
}: {
  readonly loaded: Loaded<T>
  readonly what: string
  readonly children: (value: T) => ComponentChildren
}) {
  return (
    <>
      {loaded.error && <ErrorBox error={loaded.error} retry={loaded.reload} />}
      {loaded.value !== undefined ? children(loaded.value) : !loaded.error && <Loading what={what} />}
    </>
  )
}
