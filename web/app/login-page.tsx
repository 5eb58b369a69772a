import { useEffect, useState } from 'preact/hooks'
import { logIn } from '../api/service.ts'
import { session } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { ErrorBox } from '../parts/callout.tsx'
import { Field } from '../parts/field.tsx'
import { navigate } from './location.ts'

/** The address that `serve` prints has the token behind #, which no server and no log ever sees. */
export function LoginPage() {
  const [token, setToken] = useState('')
  const action = useAction(async (given: string) => {
    session.value = await logIn(given)
    if (window.location.pathname === '/login') navigate('/jobs', { replace: true })
  })
  useEffect(() => {
    const given = new URLSearchParams(window.location.hash.slice(1)).get('token')
    if (given === null) return
    // Neither in the history nor in a screenshot.
    window.history.replaceState(null, '', window.location.pathname)
    void action.run(given)
  }, [])
  return (
    <main class="login">
      <a class="brand" href="/">
        <img src="/icon.svg" alt="" />
        <span>millrace</span>
      </a>
      <h1>Log in</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void action.run(token.trim())
        }}
      >
        <Field
          label="Token"
          help={
            <>
              <code>millrace serve</code> prints an address with the token when it starts for the first time; it is also
              in the <code>tokens</code> folder of its data directory.
            </>
          }
        >
          {(field) => (
            <input
              {...field}
              type="password"
              autocomplete="current-password"
              required
              value={token}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          )}
        </Field>
        {action.error && <ErrorBox error={action.error} />}
        <button type="submit" disabled={action.isRunning || token.trim() === ''} aria-busy={action.isRunning}>
          Log in
        </button>
      </form>
    </main>
  )
}
