import type {
  CheckView,
  History,
  Job,
  JobEventView,
  JobInput,
  JobLifecycleState,
  JobListItem,
  LiveChange,
  LogLevel,
  LogLine,
  NotCopied,
  Page,
  PartitionRow,
  PauseRequest,
  PlanView,
  Revision,
  RevisionView,
  StartPreview,
  StartRequest,
  TopicRow,
  Validation
} from '../../api/contract.ts'
import { configAsJson } from '../../config/config-as-json.ts'
import { ConfigErrors } from '../../config/config-errors.ts'
import { partitionName } from '../../model/topic-partition.ts'
import { audited } from '../audited.ts'
import { pageOf } from '../page.ts'
import type { ClusterQuestions } from '../process/cluster-questions.ts'
import type { JobRecorder, Records } from '../record/records.ts'
import { badRequest, notFound } from '../service-errors.ts'
import type { Actor, JobsPort, PageRequest, Precondition } from '../service-port.ts'
import { readJobConfig } from './job-config.ts'
import type { StoredRevision } from './job-file.ts'
import { JobEdits } from './job-edits.ts'
import type { JobList } from './job-list.ts'
import type { JobSurroundings } from './job-record.ts'
import { JobStarts } from './job-starts.ts'
import { readLiveChange, readPauseRequest } from './live-requests.ts'
import { topicRows } from '../record/partition-rows.ts'
import { checkView, planView } from './plan-view.ts'
import type { ServiceJob } from './service-job.ts'
import { sortRows } from './sort-rows.ts'
import { unifiedDiff } from './unified-diff.ts'

export interface JobsOptions {
  readonly jobs: JobList
  readonly around: JobSurroundings
  readonly clusters: ClusterQuestions
  readonly records: Pick<Records, 'audit' | 'jobs'>
}

/** A configuration is read and checked by hand and by eye; what is longer is something else. */
const MOST_CONFIG_BYTES = 1024 * 1024

/** The jobs as the service offers them. What a job does is in `ServiceJob`, how it starts in `JobStarts`, how it changes in `JobEdits`. */
export class ServiceJobs implements JobsPort {
  readonly #options: JobsOptions
  readonly #starts: JobStarts
  readonly #edits: JobEdits

  constructor(options: JobsOptions) {
    this.#options = options
    this.#starts = new JobStarts(options.clusters, options.around.now)
    this.#edits = new JobEdits(options.jobs, options.around)
  }

  async list(
    request: PageRequest & { readonly search?: string; readonly states?: readonly JobLifecycleState[] }
  ): Promise<Page<JobListItem>> {
    const { search = '', states } = request
    const items = this.#options.jobs.all
      .filter(({ record: { stored } }) => stored.name.includes(search) && states?.includes(stored.state) !== false)
      .map(({ item }) => item)
    return await Promise.resolve(pageOf(items, request, ({ name }) => name))
  }

  async get(name: string): Promise<Job> {
    return await Promise.resolve(this.#get(name).view)
  }

  async put(name: string, input: JobInput, on: Precondition, actor: Actor): Promise<Job> {
    return await this.#audited(actor, 'put', name, async () => {
      return await this.#edits.put(name, { ...readInput(input), who: actor.who }, on)
    })
  }

  async delete(name: string, on: Precondition, actor: Actor): Promise<void> {
    await this.#audited(actor, 'delete', name, async () => await this.#edits.delete(name, on))
  }

  async validate(input: JobInput): Promise<Validation> {
    const { config } = readInput(input)
    const given = configAsJson(config)
    try {
      readJobConfig(config, this.#options.around.config())
      return await Promise.resolve({ ok: true, problems: [], given })
    } catch (error) {
      if (!(error instanceof ConfigErrors)) throw error
      return { ok: false, problems: error.problems, given }
    }
  }

  async preview(input: JobInput): Promise<PlanView> {
    const { around, clusters } = this.#options
    const config = readJobConfig(readInput(input).config, around.config())
    return planView(await clusters.plan(config, { reset: false }), config, around.now())
  }

  async plan(name: string): Promise<PlanView> {
    const { around, clusters } = this.#options
    const config = this.#get(name).record.readConfig()
    return planView(await clusters.plan(config, { reset: false }), config, around.now())
  }

  async check(name: string): Promise<CheckView> {
    return checkView(await this.#options.clusters.check(this.#get(name).record.readConfig()))
  }

  async approved(name: string): Promise<PlanView> {
    const { approved } = this.#get(name).record
    if (approved === null) throw notFound(`approved plan of job ${name}`, 'Submit the job.')
    return await Promise.resolve(approved)
  }

  async submit(name: string, actor: Actor): Promise<Job> {
    return await this.#change(actor, 'submit', name, '', async (job) => await this.#starts.submit(job))
  }

  async previewStart(name: string, request: StartRequest): Promise<StartPreview> {
    return await this.#starts.preview(this.#get(name), request)
  }

  async start(name: string, request: StartRequest, actor: Actor): Promise<Job> {
    const detail = `from ${request.from ?? 'configured'}`
    return await this.#change(actor, 'start', name, detail, async (job) => await this.#starts.start(job, request))
  }

  async pause(name: string, request: PauseRequest, actor: Actor): Promise<Job> {
    const target = readPauseRequest(request)
    return await this.#change(actor, 'pause', name, whatOf(target), async (job) => await job.setPaused(true, target))
  }

  async resume(name: string, request: PauseRequest, actor: Actor): Promise<Job> {
    const target = readPauseRequest(request)
    return await this.#change(actor, 'resume', name, whatOf(target), async (job) => await job.setPaused(false, target))
  }

  async stop(name: string, { now = false }: { readonly now?: boolean }, actor: Actor): Promise<Job> {
    return await this.#change(actor, 'stop', name, now ? 'now' : '', async (job) => await job.stop(now))
  }

  async resetPosition(name: string, request: StartRequest, actor: Actor): Promise<Job> {
    const detail = `to ${request.from ?? 'nothing'}`
    return await this.#change(actor, 'reset-position', name, detail, async (job) => {
      await this.#starts.resetPosition(job, request)
    })
  }

  async retryAuthentication(name: string, actor: Actor): Promise<Job> {
    return await this.#change(actor, 'retry-authentication', name, '', async (job) => {
      await this.#starts.retryAuthentication(job)
    })
  }

  async changeLive(name: string, change: LiveChange, actor: Actor): Promise<Job> {
    const read = readLiveChange(change)
    return await this.#change(
      actor,
      'change-live',
      name,
      JSON.stringify(read),
      async (job) => await job.changeLive(read)
    )
  }

  async topics(name: string, request: PageRequest): Promise<Page<TopicRow>> {
    return await Promise.resolve(pageOf(topicRows(this.#get(name).rows), request, ({ topic }) => topic))
  }

  async partitions(
    name: string,
    request: PageRequest & { readonly search?: string; readonly sort?: string; readonly states?: readonly string[] }
  ): Promise<Page<PartitionRow>> {
    const { search = '', sort, states } = request
    const shown = this.#get(name).rows.filter(
      (row) => partitionName(row).includes(search) && states?.includes(row.state) !== false
    )
    return await Promise.resolve(pageOf(sortRows(shown, sort), request, partitionName))
  }

  async revisions(name: string): Promise<readonly Revision[]> {
    return await Promise.resolve(this.#get(name).record.revisions.toReversed().map(revisionView))
  }

  async revision(name: string, revision: number, against?: number): Promise<RevisionView> {
    const { store } = this.#options.around
    const { revisions } = this.#get(name).record
    const find = (number: number): StoredRevision => {
      const found = revisions.find((one) => one.revision === number)
      if (found === undefined) throw notFound(`revision ${number} of job ${name}`)
      return found
    }
    const of = find(revision)
    const before = against ?? revision - 1
    const config = await store.readConfig(name, of)
    const other = before === 0 ? '' : await store.readConfig(name, find(before))
    const diff = unifiedDiff(other, config, [`revision ${before}`, `revision ${revision}`])
    return { ...revisionView(of), config, diff }
  }

  async history(name: string, request: { readonly from?: number; readonly to?: number }): Promise<History> {
    return await this.#recorded(name).history(name, request)
  }

  async events(name: string, request: PageRequest): Promise<Page<JobEventView>> {
    return await this.#recorded(name).events(name, request)
  }

  async logs(
    name: string,
    request: {
      readonly search?: string
      readonly level?: LogLevel
      readonly before?: number
      readonly after?: number
      readonly limit?: number
    }
  ): Promise<readonly LogLine[]> {
    return await this.#recorded(name).logs(name, request)
  }

  async notCopied(name: string, request: PageRequest): Promise<Page<NotCopied>> {
    return await this.#recorded(name).notCopied(name, request)
  }

  #get(name: string): ServiceJob {
    return this.#options.jobs.get(name)
  }

  #recorded(name: string): JobRecorder {
    this.#get(name)
    return this.#options.records.jobs
  }

  async #audited<T>(actor: Actor, what: string, name: string, task: () => Promise<T>, detail = ''): Promise<T> {
    const deed = { action: `job.${what}`, subject: `job ${name}`, detail }
    return await audited(this.#options.records.audit, actor, deed, task)
  }

  async #change(
    actor: Actor,
    what: string,
    name: string,
    detail: string,
    change: (job: ServiceJob) => Promise<void>
  ): Promise<Job> {
    const task = async (job: ServiceJob): Promise<Job> => {
      await change(job)
      return job.view
    }
    return await this.#audited(actor, what, name, async () => await this.#options.jobs.inTurn(name, task), detail)
  }
}

function readInput(input: JobInput): { readonly config: string; readonly note: string } {
  const { config, note = '' }: { readonly config?: unknown; readonly note?: unknown } = input
  if (typeof config !== 'string' || typeof note !== 'string') {
    throw badRequest('What was sent is no job.', 'Send {"config": "…", "note": "…"}, the configuration as YAML.')
  }
  if (Buffer.byteLength(config) > MOST_CONFIG_BYTES) {
    throw badRequest('The configuration is longer than 1 MiB.', 'Use patterns instead of lists of topics.')
  }
  return { config, note }
}

function revisionView({ revision, at, who, note }: StoredRevision): Revision {
  return { revision, at, who, note }
}

function whatOf({ topic, partition }: PauseRequest): string {
  return topic === undefined ? 'the job' : partition === undefined ? topic : `${topic}-${partition}`
}
