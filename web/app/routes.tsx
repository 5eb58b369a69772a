import type { ComponentType } from 'preact'
import { lazyPage } from '../parts/lazy-page.tsx'
import { JobsPage } from '../jobs/jobs-page.tsx'

interface Route {
  readonly pattern: string
  readonly page: ComponentType<Readonly<Record<string, string>>>
}

const route = <Props extends object>(pattern: string, page: ComponentType<Props>): Route => ({
  pattern,
  // The pattern names the parameters that the page takes.
  page: page as unknown as Route['page']
})

const wizard = lazyPage(async () => (await import('../wizard/wizard-page.tsx')).WizardPage)

/** The first that matches. */
export const ROUTES: readonly Route[] = [
  route('/', JobsPage),
  route('/login', JobsPage),
  route('/jobs', JobsPage),
  route('/new-job', wizard),
  route('/edit-job/:name/:step?', wizard),
  route(
    '/connections',
    lazyPage(async () => (await import('../connections/connections-page.tsx')).ConnectionsPage)
  ),
  route(
    '/alarms/:tab?',
    lazyPage(async () => (await import('../alarms/alarms-page.tsx')).AlarmsPage)
  ),
  route(
    '/audit',
    lazyPage(async () => (await import('../audit/audit-page.tsx')).AuditPage)
  ),
  route(
    '/settings',
    lazyPage(async () => (await import('../settings/settings-page.tsx')).SettingsPage)
  ),
  route(
    '/jobs/:name/:tab?',
    lazyPage(async () => (await import('../job/job-page.tsx')).JobPage)
  ),
  route(
    '/errors/:code?',
    lazyPage(async () => (await import('../errors/errors-page.tsx')).ErrorsPage)
  )
]
