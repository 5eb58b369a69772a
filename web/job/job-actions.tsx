import type { Job, JobAction } from '../../src/api/contract.ts'
import { resumeJob } from '../api/jobs.ts'
import { may } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { navigate } from '../app/location.ts'
import { jobHref } from '../jobs/job-href.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { Menu, type MenuItem } from '../parts/menu.tsx'
import { notify } from '../parts/notice.tsx'
import type { JobDialogName } from './job-dialog.tsx'
import { ACTION_WORDS, menuActions, primaryAction } from './primary-action.ts'

const ICONS: Partial<Record<JobAction, IconName>> = { start: 'play', resume: 'play', pause: 'pause', stop: 'stop' }

interface JobActionsProps {
  readonly job: Job
  readonly open: (dialog: JobDialogName) => void
  readonly put: (job: Job) => void
}

/** The button for the next step, and a menu for the rest. */
export function JobActions({ job, open, put }: JobActionsProps) {
  const resume = useAction(async () => put(await resumeJob(job.name)))
  const act = (action: JobAction) => {
    // Nothing is lost or overwritten by going on, so nothing is asked.
    if (action === 'resume') {
      void resume.run().then((isDone) => {
        notify(isDone ? `${job.name} goes on` : `${job.name} does not go on: see its state`)
      })
    } else if (action !== 'edit') open(action)
  }
  const primary = primaryAction(job.actions)
  const items: (MenuItem | 'separator')[] = menuActions(job.actions).map((action) => ({
    label: `${ACTION_WORDS[action]}${action === 'resume' ? '' : '…'}`,
    isDangerous: action === 'delete' || action === 'reset-position',
    run: () => act(action),
    ...(action === 'delete' && !may('admin') && { disabled: 'needs the role admin' })
  }))
  const first: (MenuItem | 'separator')[] = []
  if (job.actions.includes('edit') && may('admin')) {
    first.push({
      label: 'Edit step by step',
      run: () => navigate(`/edit-job/${encodeURIComponent(job.name)}`)
    })
    first.push({
      label: 'Edit configuration',
      run: () => navigate(jobHref(job.name, 'configuration?edit=1'))
    })
  }
  if (job.startedAt !== null && job.endedAt === null) {
    first.push({ label: 'Rate and log level…', run: () => open('live') })
  }
  if (first.length > 0 && items.length > 0) first.push('separator')
  return (
    <>
      {primary && (
        <button
          type="button"
          class={primary === 'stop' ? 'quiet' : ''}
          disabled={resume.isRunning}
          onClick={() => act(primary)}
        >
          {ICONS[primary] && <Icon name={ICONS[primary]} />}
          {ACTION_WORDS[primary]}
        </button>
      )}
      {first.length + items.length > 0 && (
        <Menu label="More actions" class="quiet icon-only" items={[...first, ...items]}>
          <Icon name="more" />
        </Menu>
      )}
    </>
  )
}
