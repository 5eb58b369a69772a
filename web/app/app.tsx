import { useEffect, useState } from 'preact/hooks'
import { listActiveAlarms } from '../api/alarms.ts'
import type { RequestFailed } from '../api/request-failed.ts'
import { getHealth, getSession } from '../api/service.ts'
import { session } from '../api/session.ts'
import { asFailure } from '../api/use-loaded.ts'
import { liveStream } from '../live/live-stream.ts'
import { useLive } from '../live/use-live.ts'
import { ErrorBox } from '../parts/callout.tsx'
import { Notice } from '../parts/notice.tsx'
import { Loading } from '../parts/view-states.tsx'
import { firingAlarms, health } from './health.ts'
import { LiveBanner } from './live-banner.tsx'
import { navigate, path } from './location.ts'
import { LoginPage } from './login-page.tsx'
import { matchRoute } from './match-route.ts'
import { NotFoundPage } from './not-found-page.tsx'
import { Rail } from './rail.tsx'
import { ROUTES } from './routes.tsx'
import { ShortcutHelp } from './shortcut-help.tsx'
import { addShortcuts } from './shortcuts.ts'

export function App() {
  const [error, setError] = useState<RequestFailed | undefined>(undefined)
  const ask = () => {
    setError(undefined)
    getSession().then(
      (given) => (session.value = given),
      (cause: unknown) => {
        const failure = asFailure(cause)
        if (failure.problem.status !== 401) setError(failure)
      }
    )
  }
  useEffect(ask, [])
  if (error) {
    return (
      <main class="login">
        <ErrorBox error={error} retry={ask} />
      </main>
    )
  }
  if (session.value === undefined) return <Loading what="the console" />
  return session.value === null ? <LoginPage /> : <Shell />
}

function Shell() {
  const [isHelpOpen, setHelpOpen] = useState(false)
  useEffect(
    () =>
      addShortcuts([
        { keys: '?', title: 'Show this list', run: () => setHelpOpen(true) },
        { keys: 'g j', title: 'Go to jobs', run: () => navigate('/jobs') },
        { keys: 'g c', title: 'Go to connections', run: () => navigate('/connections') },
        { keys: 'g a', title: 'Go to alarms', run: () => navigate('/alarms') },
        { keys: 'g l', title: 'Go to the audit log', run: () => navigate('/audit') },
        { keys: 'g s', title: 'Go to settings', run: () => navigate('/settings') }
      ]),
    []
  )
  useEffect(() => {
    getHealth().then(
      (now) => (health.value = now),
      // The stream says that it is broken.
      () => undefined
    )
    readAlarms()
    return () => liveStream.close()
  }, [])
  useLive((message) => {
    if (message.type === 'reset') readAlarms()
    if (message.type === 'health') health.value = message.health
    if (message.type === 'alarm') {
      const firing = new Set(firingAlarms.peek())
      if (message.alarm.state === 'firing') firing.add(message.alarm.id)
      else firing.delete(message.alarm.id)
      firingAlarms.value = firing
    }
  })
  return (
    <div class="shell">
      <a class="button quiet skip" href="#content">
        To the content
      </a>
      <Rail />
      <div class="content">
        <LiveBanner />
        <main id="content" tabIndex={-1}>
          <CurrentPage />
        </main>
      </div>
      <Notice />
      {isHelpOpen && <ShortcutHelp onClose={() => setHelpOpen(false)} />}
    </div>
  )
}

function readAlarms(): void {
  listActiveAlarms().then(
    (alarms) => {
      firingAlarms.value = new Set(alarms.filter(({ state }) => state === 'firing').map(({ id }) => id))
    },
    // The Alarms page shows why; the rail only counts.
    () => undefined
  )
}

function CurrentPage() {
  for (const { pattern, page: Found } of ROUTES) {
    const parameters = matchRoute(pattern, path.value)
    // Another job is another page: nothing of the one before is kept.
    if (parameters) return <Found key={`${pattern} ${parameters['name'] ?? ''}`} {...parameters} />
  }
  return <NotFoundPage />
}
