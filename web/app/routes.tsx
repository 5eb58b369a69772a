import type { ComponentType } from 'preact'
import { AlarmsPage } from '../alarms/alarms-page.tsx'
import { AuditPage } from '../audit/audit-page.tsx'
import { ConnectionsPage } from '../connections/connections-page.tsx'
import { ErrorsPage } from '../errors/errors-page.tsx'
import { JobPage } from '../job/job-page.tsx'
import { JobsPage } from '../jobs/jobs-page.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { WizardPage } from '../wizard/wizard-page.tsx'

interface Route {
  readonly pattern: string
  readonly page: ComponentType<Readonly<Record<string, string>>>
}

const route = <Props extends object>(pattern: string, page: ComponentType<Props>): Route => ({
  pattern,
  // The pattern names the parameters that the page takes.
  page: page as unknown as Route['page']
})

/** The first that matches. All are in one file: cut into pieces they would be a tenth larger. */
export const ROUTES: readonly Route[] = [
  route('/', JobsPage),
  route('/login', JobsPage),
  route('/jobs', JobsPage),
  route('/new-job', WizardPage),
  route('/edit-job/:name/:step?', WizardPage),
  route('/connections', ConnectionsPage),
  route('/alarms/:tab?', AlarmsPage),
  route('/audit', AuditPage),
  route('/settings', SettingsPage),
  route('/jobs/:name/:tab?', JobPage),
  route('/errors/:code?', ErrorsPage)
]
