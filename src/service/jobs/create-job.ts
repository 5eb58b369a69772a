import { NOTHING_PAUSED } from '../../model/pauses.ts'
import { checkName } from '../../model/check-name.ts'
import { controlPath } from '../../job/control/control-path.ts'
import { badRequest } from '../service-errors.ts'
import type { StoredJob } from './job-file.ts'
import type { JobSurroundings } from './job-record.ts'
import { revisionOf } from './job-store.ts'
import { ServiceJob } from './service-job.ts'

/** A new draft, on the disk when it resolves. */
export async function createJob(
  {
    name,
    config,
    note,
    who
  }: { readonly name: string; readonly config: string; readonly note: string; readonly who: string },
  around: JobSurroundings
): Promise<ServiceJob> {
  const wrong = checkName(name)
  if (wrong !== undefined) throw badRequest(`The name of a job ${wrong.problem}.`, 'Choose another name.')
  const { store, records, now } = around
  // Better told now than by a job that can't be told apart from a second one of its kind.
  controlPath(store.stateDirectory(name))
  const at = now()
  const job: StoredJob = {
    name,
    createdAt: at,
    createdBy: who,
    changedAt: at,
    revision: 1,
    state: 'DRAFT',
    reason: null,
    approvedRevision: null,
    runningRevision: null,
    connections: { source: null, target: null },
    startedAt: null,
    endedAt: null,
    pauses: NOTHING_PAUSED,
    rate: null,
    logLevel: null,
    pendingReset: null,
    failovers: []
  }
  const revision = revisionOf(config, { revision: 1, at, who, note })
  await store.create(job, revision, config)
  await records.jobs.open({
    name,
    logDirectory: store.logDirectory(name),
    stateDirectory: store.stateDirectory(name)
  })
  return new ServiceJob({ job, revisions: [revision], config, approved: null }, around)
}
