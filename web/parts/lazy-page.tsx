import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { RequestFailed } from '../api/request-failed.ts'
import { ErrorBox } from './callout.tsx'
import { Loading } from './view-states.tsx'

/** A page whose code is loaded when it is opened for the first time. */
export function lazyPage<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let known: ComponentType<Props> | undefined
  return function LazyPage(props: Props) {
    const [Page, setPage] = useState<{ is: ComponentType<Props> } | undefined>(known && { is: known })
    const [error, setError] = useState<RequestFailed | undefined>(undefined)
    useEffect(() => {
      if (known) return
      load().then(
        (loaded) => {
          known = loaded
          setPage({ is: loaded })
        },
        (cause: unknown) => setError(chunkGone(cause))
      )
    }, [])
    if (error) return <ErrorBox error={error} retry={() => window.location.reload()} />
    return Page ? <Page.is {...props} /> : <Loading what="the page" />
  }
}

function chunkGone(cause: unknown): RequestFailed {
  return new RequestFailed(
    {
      type: '',
      title: 'The page could not be loaded',
      status: 0,
      code: '',
      detail: 'This part of the console could not be loaded.',
      next: 'The service may have been upgraded or stopped meanwhile: load the page anew.'
    },
    String(cause)
  )
}
