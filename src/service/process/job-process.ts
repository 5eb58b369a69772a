import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { RateChange } from '../../job/control/job-control.ts'
import { errorOf } from '../../job/error-report.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import type { Pauses, PauseTarget } from '../../model/pauses.ts'
import type { Rate } from '../../model/rate.ts'
import { LastWords } from './last-words.ts'
import { type JobCommand, type JobReport, type JobStart, readJobReport } from './job-messages.ts'

type Question = Extract<JobCommand, { readonly id: number }>
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

export interface JobFlow {
  readonly pauses: Pauses
  readonly rate: Rate
}

/** The process of a running job, as the service sees it; tests give another one. */
export interface RunningProcess {
  readonly pid: number | undefined
  stop(): void
  /** Ends the job without draining. */
  endNow(): void
  /** Ends the process, whatever it does. Its workers end when it is gone. */
  kill(): void
  setLogLevel(level: JobStart['logLevel']): void
  /** Names and patterns that are copied from now on, in addition. */
  include(topics: readonly string[]): void
  pause(target: PauseTarget): Promise<JobFlow>
  resume(target: PauseTarget): Promise<JobFlow>
  changeRate(change: RateChange): Promise<JobFlow>
}

export interface JobProcessListener {
  readonly onReport: (report: Exclude<JobReport, { readonly type: 'answer' | 'refusal' }>) => void
  /** The process is gone; what it said last is told before. `why` is in words. */
  readonly onExit: (why: string) => void
}

export type StartProcess = (start: JobStart, listener: JobProcessListener) => RunningProcess

const ANSWER_MS = 10_000
/** Of a message that can't be understood. */
const SHOWN_CHARACTERS = 200
const MAIN = import.meta.url.endsWith('.ts') ? './job-process-main.ts' : './job-process-main.js'

/**
 * Invariant: `onExit` is called once, after everything else; each question is answered, refused, or rejected when the
 * process is gone or silent.
 */
export class JobProcess implements RunningProcess {
  readonly #child: ChildProcess
  readonly #listener: JobProcessListener
  readonly #waiting = new Map<number, { resolve: (flow: JobFlow) => void; reject: (error: Error) => void }>()
  readonly #lastWords = new LastWords()
  #nextId = 1
  #gone = false

  constructor(start: JobStart, listener: JobProcessListener) {
    this.#listener = listener
    this.#child = fork(fileURLToPath(new URL(MAIN, import.meta.url)), [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json'
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#lastWords.add(text))
    this.#child.on('message', (raw) => this.#receive(raw))
    this.#child.on('exit', (code, signal) => this.#exited(signal ?? `exit code ${code}`))
    this.#child.on('error', (error) => {
      this.#lastWords.add(error.message)
      if (this.#child.pid === undefined) this.#exited('it could not be started')
    })
    this.#send({ type: 'start', start })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  stop(): void {
    this.#send({ type: 'stop' })
  }

  endNow(): void {
    this.#send({ type: 'kill' })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  setLogLevel(level: JobStart['logLevel']): void {
    this.#send({ type: 'log-level', level })
  }

  include(topics: readonly string[]): void {
    this.#send({ type: 'include', topics })
  }

  async pause(target: PauseTarget): Promise<JobFlow> {
    return await this.#ask({ type: 'pause', target })
  }

  async resume(target: PauseTarget): Promise<JobFlow> {
    return await this.#ask({ type: 'resume', target })
  }

  async changeRate(change: RateChange): Promise<JobFlow> {
    return await this.#ask({ type: 'rate', change })
  }

  async #ask(question: DistributiveOmit<Question, 'id'>): Promise<JobFlow> {
    if (this.#gone) throw noAnswer()
    const id = this.#nextId++
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        reject(noAnswer())
      }, ANSWER_MS)
      const done = <T>(act: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(timer)
          this.#waiting.delete(id)
          act(value)
        }
      }
      this.#waiting.set(id, { resolve: done(resolve), reject: done(reject) })
      this.#send({ ...question, id })
    })
  }

  #receive(raw: unknown): void {
    const report = readJobReport(raw)
    if (report === undefined) {
      // What it does is not known any more, so it starts afresh.
      this.#lastWords.add(`it said what can't be understood: ${JSON.stringify(raw).slice(0, SHOWN_CHARACTERS)}`)
      this.kill()
    } else if (report.type === 'answer') this.#waiting.get(report.id)?.resolve(report)
    else if (report.type === 'refusal') this.#waiting.get(report.id)?.reject(errorOf(report.error))
    else this.#listener.onReport(report)
  }

  #send(command: JobCommand): void {
    if (this.#child.connected) this.#child.send(command, () => undefined)
  }

  #exited(how: string): void {
    if (this.#gone) return
    this.#gone = true
    for (const { reject } of this.#waiting.values()) reject(noAnswer())
    const words = this.#lastWords.text
    this.#listener.onExit(words === '' ? how : `${how}: ${words}`)
  }
}

function noAnswer(): MillraceError {
  return new MillraceError({
    code: 'MR_SERVICE_JOB_SILENT',
    kind: 'retry',
    message: 'The process of the job did not answer in time.',
    next: 'Look at the state of the job; try again, or stop it.'
  })
}
