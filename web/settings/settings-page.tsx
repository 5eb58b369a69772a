import { getSettings } from '../api/service.ts'
import { session } from '../api/session.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { health } from '../app/health.ts'
import { setTheme, type Theme, theme } from '../app/theme.ts'
import { Choices } from '../forms/choices.tsx'
import { curlCommand } from '../format/shell.ts'
import { Callout, ReasonBox } from '../parts/callout.tsx'
import { Ago } from '../parts/figures.tsx'
import { Page } from '../parts/page.tsx'
import { Mark } from '../parts/state-mark.tsx'
import { LoadedView } from '../parts/view-states.tsx'

const ROLES = {
  read: 'looks at everything, but not into topics of clusters',
  operate: 'also starts, stops, pauses, and looks after alarms',
  admin: 'also changes jobs, connections and channels'
} as const

export function SettingsPage() {
  const loaded = useLoaded('settings', getSettings)
  const now = health.value
  const reasons = now?.reasons ?? []
  return (
    <Page title="Settings" commands={[curlCommand(window.location.origin, 'GET', '/settings')]}>
      <div class="stack settings">
        {reasons.map((reason) => (
          <ReasonBox key={reason.code} reason={reason} tone="degraded" />
        ))}
        <section class="block">
          <h2>This browser</h2>
          <Choices<Theme>
            legend="Theme"
            isInline
            value={theme.value}
            choices={[
              { value: 'system', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' }
            ]}
            onValue={setTheme}
          />
        </section>
        <LoadedView loaded={loaded} what="the settings">
          {(settings) => (
            <>
              {settings.demo && (
                <Callout tone="moving" what="This is a demo with clusters of its own." next={settings.demo.limits} />
              )}
              <section class="block">
                <h2>Service</h2>
                <dl class="facts">
                  <dt>Health</dt>
                  <dd>
                    {now?.status === 'degraded' ? (
                      <Mark word="degraded" tone="degraded" shape="half" />
                    ) : (
                      <Mark word="healthy" tone="running" shape="dot" />
                    )}
                  </dd>
                  <dt>Version</dt>
                  <dd>{settings.version}</dd>
                  <dt>Started</dt>
                  <dd>
                    <Ago at={settings.startedAt} />
                  </dd>
                  <dt>Data directory</dt>
                  <dd>
                    <code>{settings.dataDirectory}</code>
                  </dd>
                  <dt>Listens on</dt>
                  <dd>
                    <code>{settings.listen}</code>, {settings.tls ? 'with TLS' : 'without TLS'}
                  </dd>
                </dl>
              </section>
              <section class="block">
                <h2>Tokens</h2>
                <p class="help">
                  You are <strong>{session.value?.principal}</strong>. A token itself is never shown again; it is kept
                  in the data directory.
                </p>
                <div class="plain-table" tabIndex={0} role="region" aria-label="Tokens">
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">Name</th>
                        <th scope="col">Role</th>
                        <th scope="col">Fingerprint</th>
                        <th scope="col">May</th>
                      </tr>
                    </thead>
                    <tbody>
                      {settings.tokens.map(({ name, role, fingerprint }) => (
                        <tr key={name}>
                          <th scope="row">{name}</th>
                          <td>{role}</td>
                          <td>
                            <code>{fingerprint}</code>
                          </td>
                          <td>{ROLES[role]}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </section>
            </>
          )}
        </LoadedView>
      </div>
    </Page>
  )
}
