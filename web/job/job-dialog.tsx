import { useState } from 'preact/hooks'
import type { Job, JobAction } from '../../src/api/contract.ts'
import { deleteJob, pauseJob, retryAuthentication, stopJob, submitJob } from '../api/jobs.ts'
import { navigate } from '../app/location.ts'
import { formatBytes } from '../format/numbers.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { LiveDialog } from './live-dialog.tsx'
import { StartDialog } from './start/start-dialog.tsx'

export type JobDialogName = Exclude<JobAction, 'edit' | 'resume'> | 'live'

interface JobDialogProps {
  readonly name: JobDialogName
  readonly job: Job
  readonly put: (job: Job) => void
  readonly onClose: () => void
}

/** Asks before something is done, and says what it will mean. */
export function JobDialog({ name, job, put, onClose }: JobDialogProps) {
  switch (name) {
    case 'start':
    case 'reset-position':
      return <StartDialog job={job} mode={name} put={put} onClose={onClose} />
    case 'live':
      return <LiveDialog job={job} put={put} onClose={onClose} />
    case 'stop':
      return <StopDialog job={job} put={put} onClose={onClose} />
    case 'pause':
      return (
        <ConfirmDialog
          title={`Pause ${job.name}`}
          verb="Pause"
          onClose={onClose}
          onConfirm={async () => put(await pauseJob(job.name))}
        >
          <p>No more is read from the source; what is in flight arrives and is committed. Nothing is lost.</p>
          <p>
            Meanwhile the lag grows. A pause that is longer than the retention of a source topic loses what is deleted
            there.
          </p>
        </ConfirmDialog>
      )
    case 'submit':
      return (
        <ConfirmDialog
          title={`Submit ${job.name}`}
          verb="Submit"
          onClose={onClose}
          onConfirm={async () => put(await submitJob(job.name))}
        >
          <p>
            The configuration is validated, both clusters are checked and the plan is made. This takes some seconds.
          </p>
          <p>
            The mapping of topics is approved with it: a start that would send an approved topic elsewhere is refused.
            Nothing is created or copied yet.
          </p>
        </ConfirmDialog>
      )
    case 'retry-authentication':
      return (
        <ConfirmDialog
          title="Try the credentials again"
          verb="Try again"
          onClose={onClose}
          onConfirm={async () => put(await retryAuthentication(job.name))}
        >
          <p>One more attempt is made with the credentials that were refused.</p>
          <p>
            Some clusters lock an account after a few refused attempts. Correct the connection first if it is wrong.
          </p>
        </ConfirmDialog>
      )
    case 'delete':
      return (
        <ConfirmDialog
          title={`Delete ${job.name}`}
          verb="Delete"
          isDangerous
          typed={job.name}
          onClose={onClose}
          onConfirm={async () => {
            await deleteJob(job.name, job.revision)
            navigate('/jobs')
          }}
        >
          <p>Its configuration with all revisions, its state, log, events and history are deleted for good.</p>
          <p>
            Topics at the target and the commits of the group <code>{job.groupId}</code> at the source stay.
          </p>
        </ConfirmDialog>
      )
  }
}

function StopDialog({ job, put, onClose }: Omit<JobDialogProps, 'name'>) {
  const [now, setNow] = useState(job.state === 'STOPPING')
  const inFlight = job.figures?.inFlightBytes ?? null
  return (
    <ConfirmDialog
      title={`Stop ${job.name}`}
      verb={now ? 'Stop now' : 'Stop'}
      isDangerous={now}
      onClose={onClose}
      onConfirm={async () => put(await stopJob(job.name, now))}
    >
      <p>
        {now
          ? 'Stops at once, without waiting for what is in flight. Nothing is lost, but what was delivered and not committed yet is copied once more by the next start.'
          : 'Drains, commits at the last delivered record; nothing is lost. Starting again goes on from there.'}
      </p>
      {inFlight !== null && inFlight > 0 && <p class="quiet-text">{formatBytes(inFlight)} are in flight.</p>}
      <label>
        <input type="checkbox" checked={now} onChange={(event) => setNow(event.currentTarget.checked)} />
        Do not wait for what is in flight
      </label>
    </ConfirmDialog>
  )
}
