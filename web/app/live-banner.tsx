import { useEffect, useState } from 'preact/hooks'
import { Time } from '../parts/figures.tsx'
import { live, liveStream } from '../live/live-stream.ts'

/** A break shorter than this heals before anybody has read about it. */
const QUIET_MS = 2000

/** Says since when nothing comes; figures go grey meanwhile. */
export function LiveBanner() {
  const state = live.value
  const since = state.is === 'broken' ? state.since : undefined
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    if (since === undefined) {
      setShown(false)
      return undefined
    }
    const timer = setTimeout(() => setShown(true), Math.max(0, since + QUIET_MS - Date.now()))
    return () => clearTimeout(timer)
  }, [since])
  useEffect(() => {
    document.documentElement.classList.toggle('is-stale', isShown)
  }, [isShown])
  if (since === undefined || !isShown) return null
  return (
    <div class="live-banner" role="status">
      <span>
        No live updates since <Time at={since} short />; figures are as of then. It is tried again by itself.
      </span>
      <button type="button" class="quiet small" onClick={() => liveStream.retry()}>
        Try now
      </button>
    </div>
  )
}
