import { computed, signal } from '@preact/signals'

/** Where the browser is; the only writer is `navigate` and the browser's own back and forward. */
export const path = signal(window.location.pathname)
export const search = signal(window.location.search)

const query = computed(() => new URLSearchParams(search.value))

export function navigate(to: string, options: { readonly replace?: boolean } = {}): void {
  const url = new URL(to, window.location.href)
  if (url.href === window.location.href) return
  const isOtherPage = url.pathname !== path.peek()
  window.history[options.replace ? 'replaceState' : 'pushState'](null, '', url)
  read()
  if (isOtherPage && !options.replace) window.scrollTo(0, 0)
}

/** A parameter of the address, such as a filter: what is looked at can be sent to somebody else. */
export function queryParameter(name: string): string {
  return query.value.get(name) ?? ''
}

export function setQueryParameter(name: string, value: string): void {
  const parameters = new URLSearchParams(search.peek())
  if (value === '') parameters.delete(name)
  else parameters.set(name, value)
  const text = parameters.toString()
  navigate(`${path.peek()}${text === '' ? '' : `?${text}`}`, { replace: true })
}

/** Links of the console change the page without loading it anew; all others, and clicks with a modifier, are the browser's. */
export function followLinks(): void {
  window.addEventListener('popstate', read)
  document.addEventListener('click', (event) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || link.target !== '' || link.hasAttribute('download') || link.origin !== window.location.origin) return
    if (link.getAttribute('href')?.startsWith('#') || link.pathname.startsWith('/api/')) return
    event.preventDefault()
    navigate(link.href)
  })
}

function read(): void {
  path.value = window.location.pathname
  search.value = window.location.search
}
