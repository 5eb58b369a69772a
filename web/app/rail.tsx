import { ShapeMark } from '../parts/state-mark.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { logOut } from '../api/service.ts'
import { session, sessionEnded } from '../api/session.ts'
import { live } from '../live/live-stream.ts'
import { firingAlarms, health } from './health.ts'
import { path } from './location.ts'
import { setTheme, theme, type Theme } from './theme.ts'

const SECTIONS = [
  { href: '/jobs', label: 'Jobs', icon: 'jobs' },
  { href: '/connections', label: 'Connections', icon: 'connections' },
  { href: '/alarms', label: 'Alarms', icon: 'alarms' },
  { href: '/audit', label: 'Audit', icon: 'audit' },
  { href: '/settings', label: 'Settings', icon: 'settings' }
] as const satisfies readonly { href: string; label: string; icon: IconName }[]

const THEMES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const satisfies Record<Theme, string>

export function Rail() {
  const firing = firingAlarms.value.size
  return (
    <header class="rail">
      <a class="brand" href="/jobs">
        <img src="/icon.svg" alt="" />
        <span>millrace</span>
      </a>
      <nav aria-label="Sections">
        {SECTIONS.map(({ href, label, icon }) => {
          const isHere = path.value === href || path.value.startsWith(`${href}/`)
          return (
            <a key={href} href={href} title={label} aria-current={isHere ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{label}</span>
              {href === '/alarms' && firing > 0 && <span class="badge">{firing}</span>}
            </a>
          )
        })}
      </nav>
      <RailFoot />
    </header>
  )
}

function RailFoot() {
  return (
    <div class="rail-foot">
      <div class="row">
        <HealthMark />
        <Menu
          label={`${session.value?.principal ?? ''}: theme, log out`}
          class="bare icon-only"
          placement="upwards"
          items={[
            ...(Object.keys(THEMES) as Theme[]).map((name) => ({
              label: `${theme.value === name ? '✓ ' : ''}${THEMES[name]}`,
              run: () => setTheme(name)
            })),
            'separator' as const,
            {
              label: 'Log out',
              run: () => {
                void logOut().then(sessionEnded, sessionEnded)
              }
            }
          ]}
        >
          <Icon name={theme.value} />
        </Menu>
      </div>
      <span class="version">{health.value ? `Version ${health.value.version}` : ''}</span>
    </div>
  )
}

function HealthMark() {
  const now = health.value
  const isBroken = live.value.is === 'broken'
  const [tone, shape, word, detail] = isBroken
    ? (['degraded', 'half', 'Not connected', 'Live updates are broken'] as const)
    : now === undefined
      ? (['ended', 'dashed', 'Connecting', ''] as const)
      : now.status === 'ok'
        ? (['running', 'dot', 'Healthy', 'The service is well'] as const)
        : (['degraded', 'half', 'Degraded', now.reasons.map((reason) => reason.message).join('\n')] as const)
  return (
    <a class="health quiet-text" href="/settings" title={detail}>
      <span class={`state ${tone}`}>
        <ShapeMark shape={shape} />
      </span>
      <span class="health-text">{word}</span>
    </a>
  )
}
