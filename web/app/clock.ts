import { signal } from '@preact/signals'

/** For "12 s ago" and the like; moves only while somebody can see it. */
export const now = signal(Date.now())

setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now()
}, 5000)
