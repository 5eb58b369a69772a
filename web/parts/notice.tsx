import { signal } from '@preact/signals'

const text = signal('')
let timer = 0

/** A short word that something was done; also read aloud. Errors are not told this way: they must stay. */
export function notify(message: string): void {
  text.value = message
  clearTimeout(timer)
  timer = window.setTimeout(() => (text.value = ''), 4000)
}

export function Notice() {
  return (
    <div class="notice" role="status" aria-live="polite">
      {text.value}
    </div>
  )
}
