import { setTimeout as pause } from 'node:timers/promises'
import type { AuditLogEntry, Health, LogLevel, Page, StreamMessage } from '../../src/api/contract.ts'
import type { Actor, PageRequest, ServicePort, Streamed, StreamRequest } from '../../src/service/service-port.ts'
import { PretendAlarms } from './pretend/pretend-alarms.ts'
import { CAST, castConfig } from './pretend/pretend-cast.ts'
import { PretendConnections } from './pretend/pretend-connections.ts'
import { PretendJob } from './pretend/pretend-job.ts'
import { PretendJobs } from './pretend/pretend-jobs.ts'
import { contains, noise, pageOf } from './pretend/pretend-pages.ts'

const HOUR = 3_600_000
const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug']
const CHATTER = [
  ['debug', 'Asked the source where its logs end.'],
  ['info', 'Committed the progress of all partitions.'],
  ['info', 'The group has given out its partitions anew.'],
  ['warn', 'The target answers slowly: throttled by a quota for 1.2 s.'],
  ['debug', 'Topics looked up: none is new.']
] as const

export interface PretendOptions {
  /** How long STARTING and STOPPING last. */
  readonly delayMs?: number
}

/** The job service as far as one can see it from outside: everything in memory, nothing copied. */
export class PretendService implements ServicePort {
  readonly connections: PretendConnections
  readonly jobs: PretendJobs
  readonly alarms: PretendAlarms
  readonly #jobs = new Map<string, PretendJob>()
  readonly #audit: AuditLogEntry[] = []
  readonly #timer: NodeJS.Timeout
  #streamed = 0

  constructor({ delayMs = 2000 }: PretendOptions = {}) {
    const done = (actor: Actor, action: string, subject: string, detail: string): void => {
      this.#audit.unshift({
        id: this.#audit.length + 1,
        at: Date.now(),
        who: actor.who,
        action,
        subject,
        detail,
        outcome: 'done'
      })
    }
    this.alarms = new PretendAlarms(done)
    this.connections = new PretendConnections(
      (connection) =>
        [...this.#jobs.values()].flatMap(({ name, isActive, cast }) =>
          (['source', 'target'] as const)
            .filter((side) => cast[side] === connection)
            .map((side) => ({ job: name, side, running: isActive }))
        ),
      done
    )
    this.jobs = new PretendJobs({
      jobs: this.#jobs,
      connections: () => this.connections,
      alarmsOf: (job) => this.alarms.countsOf(job),
      done,
      delayMs
    })
    for (const [seed, cast] of CAST.entries()) {
      const job = new PretendJob(cast, seed, castConfig(cast), 'admin')
      fillPast(job)
      this.#jobs.set(cast.name, job)
      done({ who: 'admin' }, 'job.put', `job ${cast.name}`, 'first version')
    }
    this.#timer = setInterval(() => this.#tick(), 1000)
    this.#timer.unref()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  health(): Health {
    return { status: 'ok', version: '0.1.0', reasons: [] }
  }

  async audit(request: PageRequest & { readonly subject?: string }): Promise<Page<AuditLogEntry>> {
    return pageOf(
      this.#audit.filter(({ subject }) => contains(subject, request.subject)),
      request
    )
  }

  async *stream(request: StreamRequest, signal: AbortSignal): AsyncIterable<Streamed> {
    const streamed = (message: StreamMessage): Streamed => ({ id: String(++this.#streamed), message })
    if (request.lastEventId !== undefined) yield streamed({ type: 'reset' })
    let [lastEvent, lastLog] = [this.#newestId(request.job), this.#newestId(request.job)]
    for (;;) {
      if (request.jobs) yield streamed({ type: 'jobs', jobs: (await this.jobs.list({ limit: 1000 })).items })
      const job = request.job === undefined ? undefined : this.#jobs.get(request.job)
      if (job !== undefined) {
        yield streamed({ type: 'job', job: await this.jobs.get(job.name) })
        if (request.partitions) yield streamed({ type: 'partitions', job: job.name, partitions: job.partitions() })
        for (const event of job.events.filter(({ id }) => id > lastEvent)) {
          lastEvent = event.id
          yield streamed({ type: 'event', job: job.name, event })
        }
        const level = LEVELS.indexOf(request.log ?? 'error')
        const lines =
          request.log === undefined
            ? []
            : job.logs.filter((line) => line.id > lastLog && LEVELS.indexOf(line.level) <= level)
        lastLog = lines.at(-1)?.id ?? lastLog
        if (lines.length > 0) yield streamed({ type: 'log', job: job.name, lines })
      }
      try {
        await pause(1000, undefined, { signal, ref: false })
      } catch {
        return
      }
    }
  }

  #newestId(name: string | undefined): number {
    const job = name === undefined ? undefined : this.#jobs.get(name)
    return Math.max(job?.events.at(-1)?.id ?? 0, job?.logs.at(-1)?.id ?? 0)
  }

  #tick(): void {
    const now = Date.now()
    for (const job of this.#jobs.values()) {
      job.tick(now)
      if (!job.isCopying || noise(job.seed, now / 1000, 9) > 0.4) continue
      const [level, text] = CHATTER[Math.floor(noise(job.seed, now / 1000) * CHATTER.length)] ?? CHATTER[0]
      if (level === 'warn') job.tell(level, 'throttled', text)
      else job.log(level, text, { worker: Math.floor(noise(now) * 2), at: now })
    }
  }
}

/** Events, log lines and records that were not copied of the last hours. */
function fillPast(job: PretendJob): void {
  if (job.startedAt === null) return
  const now = Date.now()
  for (let index = 0; index < 300; index++) {
    const [level, text] = CHATTER[Math.floor(noise(job.seed, index) * CHATTER.length)] ?? CHATTER[0]
    job.log(level, `${text} (${index})`, { worker: index % 2 })
    if (index % 10 === 0) job.tell(level, 'note', `${text} (${index})`)
  }
  if (job.reason !== null) job.tell('error', 'stopped', job.reason.message)
  job.markers.push(
    { at: now - 2 * HOUR, kind: 'restart', text: 'Worker 1 was started again.' },
    { at: now - 0.4 * HOUR, kind: 'rebalance', text: 'The group has given out its partitions anew.' },
    { at: now - 0.2 * HOUR, kind: 'alarm', text: 'Five minutes behind' }
  )
  const [topic] = job.cast.topics
  for (let index = 0; index < job.seed * 20; index++) {
    job.notCopied.push({
      at: now - index * 60_000,
      topic: topic?.name ?? '',
      partition: index % 6,
      offset: 1_000_000 + index * 371,
      count: 1 + (index % 4),
      target: `copy.${topic?.name ?? ''}-${index % 6}`,
      code: 'MSG_SIZE_TOO_LARGE',
      reason: 'The record is larger than max.message.bytes of the target topic.',
      policy: index % 3 === 0 ? 'skip' : 'dead-letter',
      deadLetter: index % 3 === 0 ? null : `${job.name}-dead-letter-0@${index * 7}`
    })
  }
}
