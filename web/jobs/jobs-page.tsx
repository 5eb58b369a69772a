import type { JobListItem } from '../../src/api/contract.ts'
import { listJobs } from '../api/jobs.ts'
import { may } from '../api/session.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { curlCommand, millraceCommand } from '../format/shell.ts'
import { mergeRows } from '../live/merge-rows.ts'
import { useLive } from '../live/use-live.ts'
import { Icon } from '../parts/icon.tsx'
import { Page } from '../parts/page.tsx'
import { LoadedView, TooMany } from '../parts/view-states.tsx'
import { JobsEmpty } from './jobs-empty.tsx'
import { jobsSentence } from './jobs-sentence.ts'
import { JobsTable } from './jobs-table.tsx'

const nameOf = (job: JobListItem) => job.name

export function JobsPage() {
  const loaded = useLoaded('jobs', () => listJobs())
  useLive((message) => {
    if (message.type === 'reset') loaded.reload()
    if (message.type === 'jobs') {
      loaded.change((page) => {
        const items = mergeRows(page.items, message.jobs, nameOf, page.nextCursor === null)
        return { ...page, items }
      })
    }
  })
  const jobs = loaded.value?.items
  return (
    <Page
      title="Jobs"
      stream="jobs=1"
      sentence={jobs && jobs.length > 0 ? jobsSentence(jobs) : undefined}
      actions={
        may('admin') ? (
          <a class="button primary" href="/new-job">
            <Icon name="plus" />
            Create job
          </a>
        ) : undefined
      }
      commands={[millraceCommand('jobs', 'list'), curlCommand(window.location.origin, 'GET', '/jobs')]}
    >
      <LoadedView loaded={loaded} what="the jobs">
        {(page) => (
          <div class="stack">
            <TooMany
              shown={page.items.length}
              total={page.nextCursor === null ? page.items.length : page.total}
              what="jobs"
              next="millrace jobs list shows all of them."
            />
            {page.items.length === 0 ? <JobsEmpty /> : <JobsTable jobs={page.items} />}
          </div>
        )}
      </LoadedView>
    </Page>
  )
}
