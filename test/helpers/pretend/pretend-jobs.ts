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
} from '../../../src/api/contract.ts'
import { ConfigErrors } from '../../../src/config/config-errors.ts'
import { groupBy } from '../../../src/mapping/group-by.ts'
import type { Actor, JobsPort, PageRequest, Precondition } from '../../../src/service/service-port.ts'
import type { Cast } from './pretend-cast.ts'
import type { PretendConnections } from './pretend-connections.ts'
import { conflict, notFound, wrong } from './pretend-errors.ts'
import { PretendJob, differences } from './pretend-job.ts'
import { checkPrecondition, contains, pageOf } from './pretend-pages.ts'
import { pretendPlan, validateConfig } from './pretend-plan.ts'

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug']

export interface PretendJobsParts {
  readonly jobs: Map<string, PretendJob>
  readonly connections: () => PretendConnections
  readonly alarmsOf: (job: string) => JobListItem['alarms']
  readonly done: (actor: Actor, action: string, subject: string, detail: string) => void
  /** How long STARTING and STOPPING last. */
  readonly delayMs: number
}

export class PretendJobs implements JobsPort {
  readonly #parts: PretendJobsParts

  constructor(parts: PretendJobsParts) {
    this.#parts = parts
  }

  async list(
    request: PageRequest & { readonly search?: string; readonly states?: readonly JobLifecycleState[] }
  ): Promise<Page<JobListItem>> {
    const { search, states } = request
    const found = [...this.#parts.jobs.values()]
      .filter(({ name, state }) => contains(name, search) && (states?.includes(state) ?? true))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    return pageOf(
      found.map((job) => job.listItem(this.#parts.alarmsOf(job.name))),
      request
    )
  }

  async get(name: string): Promise<Job> {
    return this.#view(this.#job(name))
  }

  async put(name: string, input: JobInput, on: Precondition, actor: Actor): Promise<Job> {
    const before = this.#parts.jobs.get(name)
    checkPrecondition(`job ${name}`, before?.revision, on)
    const { given, problems } = validateConfig(input.config, this.#parts.connections())
    if (given === null) throw new ConfigErrors(problems)
    if (given['name'] !== undefined && given['name'] !== name)
      throw wrong(`The configuration is of job ${JSON.stringify(given['name'])}.`)
    const job = before ?? new PretendJob(newCast(name), this.#parts.jobs.size + 1, input.config, actor.who)
    if (before === undefined) this.#parts.jobs.set(name, job)
    else job.keep(input.config, input.note ?? '', actor.who)
    const plan = problems.length === 0 ? pretendPlan(input.config, this.#parts.connections()) : undefined
    if (plan !== undefined) job.cast = castOfPlan(job.cast, plan)
    this.#parts.done(actor, 'job.put', `job ${name}`, input.note ?? `revision ${job.revision}`)
    return this.#view(job)
  }

  async delete(name: string, on: Precondition, actor: Actor): Promise<void> {
    const job = this.#job(name)
    checkPrecondition(`job ${name}`, job.revision, on)
    if (job.isActive) throw conflict(`Job ${name} is ${job.state}.`, 'Stop it first.')
    this.#parts.jobs.delete(name)
    this.#parts.done(actor, 'job.delete', `job ${name}`, '')
  }

  async validate(input: JobInput): Promise<Validation> {
    const { given, problems } = validateConfig(input.config, this.#parts.connections())
    return { ok: problems.length === 0, problems, given }
  }

  async preview(input: JobInput): Promise<PlanView> {
    return this.#plan(input.config)
  }

  async plan(name: string): Promise<PlanView> {
    return this.#plan(this.#job(name).revisions.at(-1)?.config ?? '')
  }

  async check(name: string): Promise<CheckView> {
    const { cast } = this.#job(name)
    const actor = { who: 'check' }
    const source = await this.#parts.connections().test({ name: cast.source }, actor)
    const target = await this.#parts.connections().test({ name: cast.target }, actor)
    return { ok: source.ok && target.ok, source, target }
  }

  async approved(name: string): Promise<PlanView> {
    const job = this.#job(name)
    if (job.state === 'DRAFT') throw notFound(`approved plan of job ${name}`)
    return job.approved ?? this.#plan(job.revisions.at(-1)?.config ?? '')
  }

  async submit(name: string, actor: Actor): Promise<Job> {
    const job = this.#allowed(name, 'submit')
    job.approved = this.#plan(job.revisions.at(-1)?.config ?? '')
    const [refusal] = job.approved.refusals
    if (refusal !== undefined) throw conflict(`The plan has refusals: ${refusal.message}`, refusal.next)
    job.enter('SUBMITTED')
    return this.#did(job, 'submit', '', actor)
  }

  async previewStart(name: string, request: StartRequest): Promise<StartPreview> {
    const job = this.#job(name)
    const from = request.from ?? 'configured'
    const hasRun = job.startedAt !== null
    const resets = hasRun && from !== 'committed' && from !== 'configured'
    const behind = job.cast.lag
    const all = from === 'latest' ? 0 : from === 'earliest' ? job.records + behind : behind
    const again = resets && from === 'earliest' ? job.records : 0
    return {
      progress: resets ? 'reset' : hasRun ? 'resume' : 'fresh',
      resets,
      records: all,
      again,
      skipped: from === 'latest' ? behind : 0,
      sentence: resets
        ? `${all} records will be copied, ${again} of them again.`
        : `It goes on where it has committed: ${all} records to copy.`,
      refusals: [],
      warnings: []
    }
  }

  async start(name: string, request: StartRequest, actor: Actor): Promise<Job> {
    const job = this.#allowed(name, 'start')
    this.#checkConfirmed(job, request)
    this.#begin(job)
    return this.#did(job, 'start', request.from ?? 'configured', actor)
  }

  async pause(name: string, request: PauseRequest, actor: Actor): Promise<Job> {
    return this.#changePause(name, request, true, actor)
  }

  async resume(name: string, request: PauseRequest, actor: Actor): Promise<Job> {
    return this.#changePause(name, request, false, actor)
  }

  async stop(name: string, request: { readonly now?: boolean }, actor: Actor): Promise<Job> {
    const job = this.#allowed(name, 'stop')
    job.enter('STOPPING')
    setTimeout(() => job.state === 'STOPPING' && job.enter('STOPPED'), this.#parts.delayMs).unref()
    return this.#did(job, 'stop', request.now === true ? 'now' : '', actor)
  }

  async resetPosition(name: string, request: StartRequest, actor: Actor): Promise<Job> {
    const job = this.#allowed(name, 'reset-position')
    this.#checkConfirmed(job, request)
    return this.#did(job, 'reset-position', request.from ?? 'configured', actor)
  }

  async retryAuthentication(name: string, actor: Actor): Promise<Job> {
    const job = this.#allowed(name, 'retry-authentication')
    this.#begin(job)
    return this.#did(job, 'retry-authentication', '', actor)
  }

  async changeLive(name: string, { rate, logLevel }: LiveChange, actor: Actor): Promise<Job> {
    const job = this.#job(name)
    if (!job.isActive) throw conflict(`Job ${name} is ${job.state}: nothing runs that could be changed.`)
    const { bytes = job.rateLimit.bytes, records = job.rateLimit.records } = rate ?? {}
    job.rateLimit = { bytes, records }
    job.logLevel = logLevel ?? job.logLevel
    return this.#did(job, 'change', JSON.stringify({ rate, logLevel }), actor)
  }

  async topics(name: string, request: PageRequest): Promise<Page<TopicRow>> {
    const rows = [...groupBy(this.#job(name).partitions(), ({ topic }) => topic)].map(
      ([topic, partitions]): TopicRow => {
        const sum = (of: (row: PartitionRow) => number): number => partitions.reduce((total, row) => total + of(row), 0)
        return {
          topic,
          target: partitions[0]?.target ?? topic,
          partitions: partitions.length,
          stopped: partitions.filter(({ state }) => state === 'stopped').length,
          paused: partitions.filter(({ state }) => state === 'paused').length,
          lag: partitions.some(({ lag }) => lag === null) ? null : sum(({ lag }) => lag ?? 0),
          records: sum(({ records }) => records),
          recordsPerSecond: sum(({ recordsPerSecond }) => recordsPerSecond)
        }
      }
    )
    return pageOf(rows, request)
  }

  async partitions(
    name: string,
    request: PageRequest & { readonly search?: string; readonly sort?: string; readonly states?: readonly string[] }
  ): Promise<Page<PartitionRow>> {
    const { search, sort, states } = request
    const rows = this.#job(name)
      .partitions()
      .filter((row) => contains(`${row.topic}-${row.partition}`, search) && (states?.includes(row.state) ?? true))
    if (sort !== undefined) rows.sort(bySort(sort))
    return pageOf(rows, request)
  }

  async revisions(name: string): Promise<readonly Revision[]> {
    return this.#job(name)
      .revisions.map(({ revision, at, who, note }) => ({ revision, at, who, note }))
      .reverse()
  }

  async revision(name: string, revision: number, against?: number): Promise<RevisionView> {
    const { revisions } = this.#job(name)
    const found = revisions[revision - 1]
    const other = against === undefined ? undefined : revisions[against - 1]
    if (found === undefined || (against !== undefined && other === undefined)) {
      throw notFound(`revision ${found === undefined ? revision : (against ?? '')} of job ${name}`)
    }
    return other === undefined ? found : { ...found, diff: differences(other.config, found.config) }
  }

  async history(name: string, request: { readonly from?: number; readonly to?: number }): Promise<History> {
    return this.#job(name).history(request)
  }

  async events(name: string, request: PageRequest): Promise<Page<JobEventView>> {
    return pageOf([...this.#job(name).events].reverse(), request)
  }

  async logs(name: string, request: Parameters<JobsPort['logs']>[1]): Promise<readonly LogLine[]> {
    const { search, level = 'debug', before = Infinity, after = -1, limit = 100 } = request
    const lines = this.#job(name).logs.filter(
      (line) =>
        line.id < before &&
        line.id > after &&
        LEVELS.indexOf(line.level) <= LEVELS.indexOf(level) &&
        contains(line.message, search)
    )
    return request.after === undefined ? lines.slice(-limit) : lines.slice(0, limit)
  }

  async notCopied(name: string, request: PageRequest): Promise<Page<NotCopied>> {
    return pageOf(this.#job(name).notCopied, request)
  }

  #job(name: string): PretendJob {
    const job = this.#parts.jobs.get(name)
    if (job === undefined) throw notFound(`job ${name}`)
    return job
  }

  #view(job: PretendJob): Job {
    return job.view(this.#parts.alarmsOf(job.name))
  }

  #did(job: PretendJob, verb: string, detail: string, actor: Actor): Job {
    this.#parts.done(actor, `job.${verb}`, `job ${job.name}`, detail)
    return this.#view(job)
  }

  #allowed(name: string, action: Job['actions'][number]): PretendJob {
    const job = this.#job(name)
    if (!this.#view(job).actions.includes(action))
      throw conflict(`${action} is not possible: job ${name} is ${job.state}.`)
    return job
  }

  #checkConfirmed(job: PretendJob, { from = 'configured', time, offsets, confirm }: StartRequest): void {
    if ((from === 'timestamp') !== (time !== undefined))
      throw wrong('`time` goes with from: timestamp, and only with it.')
    if ((from === 'offsets') !== (offsets !== undefined))
      throw wrong('`offsets` goes with from: offsets, and only with it.')
    const resets = job.startedAt !== null && from !== 'committed' && from !== 'configured'
    if (resets && confirm !== job.name) {
      throw wrong(`The group ${job.name} has commits, which this would reset.`, `Send confirm: ${job.name}.`)
    }
  }

  #begin(job: PretendJob): void {
    job.enter('STARTING')
    const end = job.cast.stopped === undefined ? 'RUNNING' : 'DEGRADED'
    setTimeout(() => job.state === 'STARTING' && job.enter(end, job.cast.reason ?? null), this.#parts.delayMs).unref()
  }

  #plan(config: string): PlanView {
    const { problems } = validateConfig(config, this.#parts.connections())
    if (problems.length > 0) throw new ConfigErrors(problems)
    return pretendPlan(config, this.#parts.connections())
  }

  #changePause(name: string, { topic, partition }: PauseRequest, pause: boolean, actor: Actor): Job {
    const job = this.#job(name)
    if (!job.isActive) throw conflict(`Job ${name} is ${job.state}.`)
    if (topic === undefined && partition !== undefined) throw wrong('A partition needs its topic.')
    const known = job.cast.topics.find((other) => other.name === topic)
    if (topic !== undefined && (known === undefined || (partition ?? 0) >= known.partitions)) {
      throw notFound(`${topic}${partition === undefined ? '' : `-${partition}`} in job ${name}`)
    }
    const { topics, partitions } = job.paused
    if (topic === undefined) job.paused.job = pause
    else if (partition === undefined) void (pause ? topics.add(topic) : topics.delete(topic))
    else if (pause) partitions.set(`${topic}-${partition}`, { topic, partition })
    else partitions.delete(`${topic}-${partition}`)
    if (topic === undefined && pause !== (job.state === 'PAUSED')) job.enter(pause ? 'PAUSED' : 'RUNNING')
    return this.#did(
      job,
      pause ? 'pause' : 'resume',
      [topic, partition].filter((part) => part !== undefined).join('-'),
      actor
    )
  }
}

function newCast(name: string): Cast {
  return {
    name,
    state: 'DRAFT',
    source: '',
    target: '',
    topics: [],
    targetName: '#{source_Topic_name}',
    recordsPerSecond: 5000,
    recordBytes: 300,
    lag: 20_000,
    limiting: 'nothing',
    hoursOld: 0
  }
}

function castOfPlan(cast: Cast, plan: PlanView): Cast {
  const first = plan.mapping[0]
  return {
    ...cast,
    source: plan.source.connection ?? plan.source.bootstrapServers,
    target: plan.target.connection ?? plan.target.bootstrapServers,
    topics: plan.mapping.map(({ source, sourcePartitions }) => ({ name: source, partitions: sourcePartitions })),
    targetName: first === undefined ? cast.targetName : first.target.replace(first.source, '#{source_Topic_name}')
  }
}

function bySort(sort: string): (a: PartitionRow, b: PartitionRow) => number {
  const key = sort.replace(/^-/, '') as Exclude<keyof PartitionRow, 'reason'>
  const direction = sort.startsWith('-') ? -1 : 1
  return (a, b) => {
    const [left, right] = [a[key] ?? -1, b[key] ?? -1]
    return direction * (left < right ? -1 : left > right ? 1 : a.partition - b.partition)
  }
}
