import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ClusterTopic } from '../../api/contract.ts'
import type { ClusterConfig, JobConfig } from '../../config/job-config.ts'
import type { StageResult } from '../../control/check-connection.ts'
import type { Plan } from '../../control/plan-types.ts'
import { errorOf } from '../../job/error-report.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { type ClusterAsk, type ClusterReply, type ClusterRequest, readClusterReply } from './cluster-messages.ts'
import type { ClusterQuestions, LiteralSecrets } from './cluster-questions.ts'
import { LastWords } from './last-words.ts'

const MAIN = import.meta.url.endsWith('.ts') ? './cluster-process-main.ts' : './cluster-process-main.js'

export interface ClusterProcessOptions {
  /** What it runs; another one in tests. */
  readonly main?: string
  readonly deadlinesMs?: Partial<typeof DEADLINES_MS>
  readonly idleMs?: number
}

/** An answer that takes longer is none. */
const DEADLINES_MS = { test: 60_000, topics: 90_000, check: 120_000, plan: 180_000 }
const IDLE_MS = 300_000

interface Child {
  readonly process: ChildProcess
  readonly words: LastWords
  readonly waiting: Map<
    number,
    { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }
  >
  /** Takes no more questions: ends with the last answer that it owes. */
  retired: boolean
}

/**
 * Asks clusters by a process of its own, which is made when it is needed, ends when nobody asks for some minutes, and is
 * made anew when it crashed.
 *
 * Invariant: every question ends: with its answer, at its deadline, or with its process. A process that did not answer in
 * time is asked nothing more.
 */
export class ClusterProcess implements ClusterQuestions {
  readonly #main: string
  readonly #deadlines: typeof DEADLINES_MS
  readonly #idleMs: number
  #child: Child | undefined
  readonly #children = new Set<Child>()
  #nextId = 1
  #idle: NodeJS.Timeout | undefined
  #closed = false

  constructor({
    main = fileURLToPath(new URL(MAIN, import.meta.url)),
    deadlinesMs,
    idleMs
  }: ClusterProcessOptions = {}) {
    this.#main = main
    this.#deadlines = { ...DEADLINES_MS, ...deadlinesMs }
    this.#idleMs = idleMs ?? IDLE_MS
  }

  async test(cluster: ClusterConfig, literal: LiteralSecrets): Promise<readonly StageResult[]> {
    return (await this.#ask({ ask: 'test', cluster, literal })) as readonly StageResult[]
  }

  async topics(cluster: ClusterConfig): Promise<readonly ClusterTopic[]> {
    return (await this.#ask({ ask: 'topics', cluster })) as readonly ClusterTopic[]
  }

  async check(config: JobConfig): Promise<readonly StageResult[]> {
    return (await this.#ask({ ask: 'check', config })) as readonly StageResult[]
  }

  async plan(config: JobConfig, { reset }: { readonly reset: boolean }): Promise<Plan> {
    return (await this.#ask({ ask: 'plan', config, reset })) as Plan
  }

  /** Ends all processes; what is asked still is rejected. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    const gone = [...this.#children].map(async ({ process }) => {
      if (process.exitCode !== null || process.signalCode !== null) return
      await new Promise((resolve) => {
        process.once('exit', resolve)
        process.kill('SIGKILL')
      })
    })
    await Promise.all(gone)
  }

  async #ask(question: ClusterAsk): Promise<unknown> {
    if (this.#closed) throw failed('The service is ending.')
    const child = this.#alive()
    clearTimeout(this.#idle)
    const id = this.#nextId++
    try {
      return await new Promise((resolve, reject) => {
        const deadline = this.#deadlines[question.ask]
        const timer = setTimeout(() => {
          reject(failed(`The clusters did not answer within ${deadline / 1000} s.`))
          this.#retire(child)
        }, deadline)
        const done = <T>(act: (value: T) => void) => {
          return (value: T): void => {
            clearTimeout(timer)
            act(value)
          }
        }
        child.waiting.set(id, { resolve: done(resolve), reject: done(reject) })
        child.process.send({ ...question, id } satisfies ClusterRequest, (error) => {
          if (error !== null) child.waiting.get(id)?.reject(failed(error.message))
        })
      })
    } finally {
      child.waiting.delete(id)
      if (child.waiting.size === 0) this.#rest(child)
    }
  }

  #alive(): Child {
    if (this.#child !== undefined) return this.#child
    const words = new LastWords()
    const process = fork(this.#main, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'json' })
    const child: Child = { process, words, waiting: new Map(), retired: false }
    process.stderr?.setEncoding('utf8').on('data', (text: string) => words.add(text))
    process.on('message', (raw) => this.#receive(child, readClusterReply(raw)))
    process.on('exit', (code, signal) => this.#exited(child, signal ?? `exit code ${code}`))
    process.on('error', (error) => {
      words.add(error.message)
      if (process.pid === undefined) this.#exited(child, 'it could not be started')
    })
    this.#children.add(child)
    this.#child = child
    return child
  }

  #receive(child: Child, reply: ClusterReply | undefined): void {
    if (reply === undefined) {
      child.words.add('it answered what can not be understood')
      child.process.kill('SIGKILL')
      return
    }
    const waiting = child.waiting.get(reply.id)
    if ('error' in reply) waiting?.reject(errorOf(reply.error))
    else waiting?.resolve(reply.result)
  }

  #exited(child: Child, how: string): void {
    this.#children.delete(child)
    if (this.#child === child) this.#child = undefined
    const words = child.words.text
    const why = `The process that asks the clusters ended: ${words === '' ? how : `${how}: ${words}`}`
    for (const { reject } of child.waiting.values()) reject(failed(why))
  }

  #retire(child: Child): void {
    child.retired = true
    if (this.#child === child) this.#child = undefined
  }

  #rest(child: Child): void {
    if (child.retired) child.process.kill('SIGKILL')
    if (this.#child !== child || this.#closed) return
    this.#idle = setTimeout(() => {
      this.#retire(child)
      child.process.kill('SIGKILL')
    }, this.#idleMs).unref()
  }
}

function failed(why: string): MillraceError {
  return new MillraceError({
    code: 'MR_SERVICE_CLUSTERS',
    kind: 'retry',
    message: why,
    next: 'Try again; if it lasts, test the connections: that says which stage fails.'
  })
}
