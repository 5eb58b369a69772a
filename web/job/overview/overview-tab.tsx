import type { Job } from '../../../src/api/contract.ts'
import { jobHref } from '../../jobs/job-href.ts'
import { Callout, ReasonBox } from '../../parts/callout.tsx'
import { FigureCards } from './figure-cards.tsx'
import { FlowPicture } from './flow-picture.tsx'
import { JobCharts } from './job-charts.tsx'
import { JobFacts } from './job-facts.tsx'

export function OverviewTab({ job }: { readonly job: Job }) {
  const isBad = job.state === 'FAILED' || job.state === 'AUTH_FAILED'
  return (
    <div class="stack">
      {job.reason && <ReasonBox reason={job.reason} tone={isBad ? 'failed' : 'degraded'} />}
      {job.restartNeeded.length > 0 && (
        <Callout
          tone="moving"
          what={`Revision ${String(job.revision)} takes full effect after a restart.`}
          next={`Until then the job goes on with the old ${job.restartNeeded.join(', ')}.`}
        >
          <a href={jobHref(job.name, 'configuration')}>See the differences</a>
        </Callout>
      )}
      <FlowPicture job={job} />
      <FigureCards job={job} />
      {job.startedAt !== null && <JobCharts job={job} />}
      <JobFacts job={job} />
    </div>
  )
}
