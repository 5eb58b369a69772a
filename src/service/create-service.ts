import type { Health, Reason } from '../api/contract.ts'
import { packageVersion } from '../telemetry/package-version.ts'
import type { ConnectionUse } from './connections/connection-view.ts'
import { ServiceConnections } from './connections/service-connections.ts'
import { StoredConnections } from './connections/stored-connections.ts'
import { isStill } from './jobs/job-lifecycle.ts'
import { JobList } from './jobs/job-list.ts'
import type { JobSurroundings } from './jobs/job-record.ts'
import { JobStore } from './jobs/job-store.ts'
import { ServiceJob } from './jobs/service-job.ts'
import { ServiceJobs } from './jobs/service-jobs.ts'
import { ClusterProcess } from './process/cluster-process.ts'
import type { ClusterQuestions } from './process/cluster-questions.ts'
import { JobProcess, type StartProcess } from './process/job-process.ts'
import { reasonOf } from './reason-of.ts'
import { openRecords } from './record/open-records.ts'
import type { JobsView, OpenRecords, Records } from './record/records.ts'
import type { ServicePort } from './service-port.ts'
import { DataDirectory } from './store/data-directory.ts'
import { tornFile } from './store/storage-errors.ts'
import { SecretStore } from './store/secret-store.ts'

export interface ServiceOptions {
  readonly dataDirectory: string
  /** What relative paths in configurations are relative to. */
  readonly cwd?: string
  /** Others in tests. */
  readonly openRecords?: OpenRecords
  readonly startProcess?: StartProcess
  readonly clusters?: ClusterQuestions & { close(): Promise<void> }
  readonly now?: () => number
}

export interface Service extends ServicePort {
  readonly dataDirectory: string
  /** Drains all jobs and ends; the next service on the directory goes on with them. */
  close(): Promise<void>
}

const LOCK_CHECK_MS = 5000

/**
 * The job service on a data directory. Rejects with MR_SERVICE_RUNNING when another one has it, with MR_SERVICE_STORAGE or
 * MR_SERVICE_TORN when it can't be used at all. Jobs that ran are on their way when this resolves.
 */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { cwd = process.cwd(), now = Date.now } = options
  const directory = await DataDirectory.open(options.dataDirectory)
  const version = packageVersion()
  const clusters = options.clusters ?? new ClusterProcess()
  const undo: (() => Promise<void>)[] = [async () => await directory.close(), async () => await clusters.close()]
  try {
    const secrets = await SecretStore.open(directory.secrets)
    const stored = await StoredConnections.open(directory.connections, secrets)
    const store = new JobStore(directory.jobs)
    const loaded = await store.load()
    const jobs = new JobList(loaded.damaged)
    let isHeld = true

    const health = (): Health => {
      const reasons: Reason[] = [
        ...(isHeld ? [] : [reasonOf(tornFile(directory.path, 'the socket of this service in it was removed'))]),
        ...stored.reasons,
        ...jobs.damage.map(reasonOf),
        ...jobs.all.flatMap(({ record }) => record.reasons),
        ...records.reasons()
      ]
      return { status: reasons.length === 0 ? 'ok' : 'degraded', version, reasons }
    }
    const view: JobsView = {
      names: () => jobs.all.map(({ record }) => record.stored.name),
      item: (name) => jobs.find(name)?.item,
      job: (name) => jobs.find(name)?.view,
      partitions: (name) => jobs.find(name)?.rows ?? [],
      connections: () => connections.views
    }
    const records: Records = await (options.openRecords ?? openRecords)({
      dataDirectory: directory.path,
      view,
      health,
      secrets,
      now
    })
    undo.push(async () => await records.close())

    const connections = new ServiceConnections({
      stored,
      secrets,
      clusters,
      audit: records.audit,
      uses: () => jobs.all.flatMap(usesOf),
      cwd,
      now,
      onChange: () => {
        for (const { record } of jobs.all) record.connectionsChanged()
      }
    })
    const around: JobSurroundings = {
      store,
      records,
      config: () => ({
        connections: stored.allSettings,
        cwd,
        stateDirectory: (name) => store.stateDirectory(name)
      }),
      connectionRevision: (name) => stored.find(name)?.revision ?? null,
      startProcess: options.startProcess ?? ((start, listener) => new JobProcess(start, listener)),
      now
    }
    for (const job of loaded.jobs) jobs.add(new ServiceJob(job, around))
    for (const { record } of jobs.all) {
      const { name } = record.stored
      await records.jobs.open({
        name,
        logDirectory: store.logDirectory(name),
        stateDirectory: record.config?.stateDir ?? store.stateDirectory(name)
      })
    }
    await Promise.all(jobs.all.map(async (job) => await job.recover()))

    const lockCheck = setInterval(() => {
      void directory.holds().then((holds) => {
        if (holds === isHeld) return
        isHeld = holds
        records.healthChanged()
      })
    }, LOCK_CHECK_MS).unref()
    const endJobs = async (): Promise<void> => {
      clearInterval(lockCheck)
      await Promise.all(jobs.all.map(async (job) => await job.close()))
    }
    undo.push(endJobs)
    return {
      dataDirectory: directory.path,
      connections,
      jobs: new ServiceJobs({ jobs, around, clusters, records }),
      alarms: records.alarms,
      health,
      audit: async (request) => await records.audit.read(request),
      stream: (request, signal) => records.stream(request, signal),
      close: async () => await inReverse(undo)
    }
  } catch (error) {
    await inReverse(undo)
    throw error
  }
}

/** Everything is ended, whatever the others say. */
async function inReverse(undo: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of undo.splice(0).reverse()) {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The service could not be ended in order.')
}

/** What a job names, by its newest configuration, and with what it runs. */
function usesOf({ record: { stored, outline } }: ServiceJob): ConnectionUse[] {
  return (['source', 'target'] as const).flatMap((side) => {
    const connection = outline.connections[side]
    if (connection === undefined) return []
    const running = !isStill(stored.state)
    return [{ job: stored.name, side, connection, running, runningRevision: running ? stored.connections[side] : null }]
  })
}
