import { useState } from 'preact/hooks'
import type { Job } from '../../src/api/contract.ts'
import { getJob } from '../api/jobs.ts'
import { may } from '../api/session.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { queryParameter, setQueryParameter } from '../app/location.ts'
import { NotFoundPage } from '../app/not-found-page.tsx'
import { jobHref } from '../jobs/job-href.ts'
import { useLive } from '../live/use-live.ts'
import { Page } from '../parts/page.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { LoadedView } from '../parts/view-states.tsx'
import { JobActions } from './job-actions.tsx'
import { jobCommands } from './job-commands.ts'
import { JobDialog, type JobDialogName } from './job-dialog.tsx'
import { JOB_TABS } from './job-tabs.ts'
import { ConfigurationTab } from './configuration/configuration-tab.tsx'
import { EventsTab } from './events-tab.tsx'
import { LogTab } from './log/log-tab.tsx'
import { MappingTab } from './mapping-tab.tsx'
import { NotCopiedTab } from './not-copied-tab.tsx'
import { OverviewTab } from './overview/overview-tab.tsx'
import { PartitionsTab } from './partitions-tab.tsx'

const JOBS = { href: '/jobs', title: 'Jobs' }

export function JobPage({ name, tab = 'overview' }: { readonly name: string; readonly tab?: string }) {
  const loaded = useLoaded(`job ${name}`, () => getJob(name))
  const [dialog, setDialog] = useState<JobDialogName | undefined>(
    // The wizard leads here after it has submitted a job.
    queryParameter('start') === '1' ? 'start' : undefined
  )
  useLive((message) => {
    if (message.type === 'reset') loaded.reload()
    if (message.type === 'job' && message.job.name === name) loaded.change(() => message.job)
  })
  if (!JOB_TABS.some((known) => known.id === tab)) return <NotFoundPage />
  const job = loaded.value
  const close = () => {
    setDialog(undefined)
    setQueryParameter('start', '')
  }
  const put = (next: Job) => loaded.change(() => next)
  return (
    <Page
      title={name}
      above={JOBS}
      stream={loaded.error?.problem.status === 404 ? '' : streamOf(name, tab)}
      mark={job && <StateMark state={job.state} />}
      sentence={job?.sentence}
      actions={job && may('operate') && <JobActions job={job} open={setDialog} put={put} />}
      commands={jobCommands(name, tab)}
      tabs={
        <Tabs
          label="Parts of the job"
          tabs={JOB_TABS.map(({ id, label }) => ({
            href: jobHref(name, id === 'overview' ? '' : id),
            label,
            isCurrent: id === tab,
            count: job && countOf(job, id)
          }))}
        />
      }
    >
      <LoadedView loaded={loaded} what="the job">
        {(shown) => <TabContent tab={tab} job={shown} put={put} />}
      </LoadedView>
      {job && dialog && (dialog !== 'start' || job.actions.includes('start')) && (
        <JobDialog name={dialog} job={job} put={put} onClose={close} />
      )}
    </Page>
  )
}

function TabContent({ tab, job, put }: { readonly tab: string; readonly job: Job; readonly put: (job: Job) => void }) {
  switch (tab) {
    case 'partitions':
      return <PartitionsTab job={job} put={put} />
    case 'mapping':
      return <MappingTab job={job} />
    case 'events':
      return <EventsTab name={job.name} />
    case 'log':
      return <LogTab job={job} />
    case 'not-copied':
      return <NotCopiedTab job={job} />
    case 'configuration':
      return <ConfigurationTab job={job} put={put} />
    default:
      return <OverviewTab job={job} />
  }
}

function streamOf(name: string, tab: string): string {
  const query = `job=${encodeURIComponent(name)}`
  if (tab === 'partitions') return `${query}&partitions=1`
  return tab === 'log' ? `${query}&log=${queryParameter('level') || 'info'}` : query
}

function countOf(job: Job, tab: string): number | undefined {
  if (tab === 'partitions') return job.partitions.total
  if (tab !== 'not-copied' || !job.figures) return undefined
  const { deadLettered, skipped, altered } = job.figures.notCopied
  return deadLettered + skipped + altered
}
