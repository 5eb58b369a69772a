import type { Job } from '../../../src/api/contract.ts'
import { plural } from '../../format/plural.ts'
import { BytesRate, Rate, Time } from '../../parts/figures.tsx'

export function JobFacts({ job }: { readonly job: Job }) {
  const { failovers, rateLimit, paused } = job
  const isLimited = rateLimit.bytes !== null || rateLimit.records !== null
  return (
    <section aria-labelledby="facts">
      <h2 id="facts" class="section-title">
        About this job
      </h2>
      <dl class="facts columns">
        <dt>Consumer group</dt>
        <dd>
          <code>{job.groupId}</code>
        </dd>
        <dt>Revision</dt>
        <dd>
          {job.revision}
          {job.runningRevision !== null &&
            job.runningRevision !== job.revision &&
            `, runs with ${String(job.runningRevision)}`}
        </dd>
        <dt>Started</dt>
        <dd>
          <Time at={job.startedAt} />
        </dd>
        <dt>Ended</dt>
        <dd>
          <Time at={job.endedAt} />
        </dd>
        <dt>Rate limit</dt>
        <dd>
          {!isLimited && 'None'}
          {rateLimit.bytes !== null && <BytesRate value={rateLimit.bytes} />}
          {rateLimit.bytes !== null && rateLimit.records !== null && ', '}
          {rateLimit.records !== null && <Rate value={rateLimit.records} />}
        </dd>
        <dt>Log level</dt>
        <dd>{job.logLevel}</dd>
        <dt>Paused</dt>
        <dd>
          {paused.job
            ? 'The whole job'
            : paused.topics.length + paused.partitions.length === 0
              ? 'Nothing'
              : `${plural(paused.topics.length, 'topic')}, ${plural(paused.partitions.length, 'partition')}`}
        </dd>
        <dt>Process ended by itself</dt>
        <dd>
          {plural(failovers.count, 'time')} in {String(failovers.windowMinutes)} minutes; fails after{' '}
          {String(failovers.most)}
        </dd>
        <dt>Workers restarted</dt>
        <dd>{job.figures ? plural(job.figures.workerRestarts, 'time') : '–'}</dd>
        <dt>Created</dt>
        <dd>
          <Time at={job.createdAt} />
        </dd>
      </dl>
    </section>
  )
}
