import { MillraceError } from '../../model/millrace-error.ts'
import { errorOf } from '../error-report.ts'
import { RestartPolicy } from './restart-policy.ts'
import type { SupervisorMessage, WorkerMessage, WorkerSettings, WorkerStatus } from './worker-messages.ts'
import { WorkerProcess, type WorkerProcessListener } from './worker-process.ts'

/** The process that a message came from. */
export interface Sender {
  readonly worker: number
  /** Names the process. */
  readonly number: number
  /** Reaches that process, and nobody once it is gone. */
  readonly send: (answer: SupervisorMessage) => void
}

export interface WorkerCrash {
  readonly why: string
  /** What the worker said itself, if it could. */
  readonly failure: MillraceError | undefined
  readonly restartInMs: number
}

export interface WorkerSlotOptions {
  readonly settings: WorkerSettings
  /** A number that no process of the job has had. */
  readonly nextNumber: () => number
  readonly onStarted: (slot: WorkerSlot) => void
  /** What a process sent last may come when it is gone. */
  readonly onMessage: (message: WorkerMessage, sender: Sender) => void
  /** Told before what comes of it. */
  readonly onExited: (slot: WorkerSlot, end: { readonly clean: boolean }) => void
  readonly onCrashed: (slot: WorkerSlot, crash: WorkerCrash) => void
  /** It crashed, and is not started again. */
  readonly onFailed: (error: MillraceError) => void
}

type RunningWorker = Pick<WorkerProcess, 'pid' | 'send' | 'kill'>

const STDERR_TAIL = 2000

/**
 * The place of one worker in a job: its process, and the next one when that crashes.
 *
 * Invariant: at most one process; after `hold` none is started.
 */
export class WorkerSlot {
  readonly #options: WorkerSlotOptions
  readonly #fork: (listener: WorkerProcessListener) => RunningWorker
  readonly #restarts = new RestartPolicy()
  #process: RunningWorker | undefined
  #number = -1
  #ready = false
  #status: WorkerStatus | undefined
  /** What it said before it exited. */
  #failure: MillraceError | undefined
  #stderr = ''
  #restartTimer: NodeJS.Timeout | undefined
  #held = false

  constructor(
    options: WorkerSlotOptions,
    fork: (listener: WorkerProcessListener) => RunningWorker = (listener) => new WorkerProcess(listener)
  ) {
    this.#options = options
    this.#fork = fork
  }

  get index(): number {
    return this.#options.settings.index
  }

  /** Of the newest process; -1 before the first. */
  get number(): number {
    return this.#number
  }

  /** Undefined while it waits for its next start. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  get runs(): boolean {
    return this.#process !== undefined
  }

  /** It has joined the group. */
  get ready(): boolean {
    return this.#ready
  }

  /** The newest of the process that runs. */
  get status(): WorkerStatus | undefined {
    return this.#status
  }

  start(): void {
    const number = this.#options.nextNumber()
    this.#number = number
    this.#failure = undefined
    this.#stderr = ''
    const started = this.#fork({
      onMessage: (message) => {
        if (number === this.#number && this.runs) this.#note(message)
        this.#options.onMessage(message, { worker: this.index, number, send: (answer) => started.send(answer) })
      },
      onExit: (code, signal) => this.#exited(code, signal),
      onStderr: (text) => {
        this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL)
      }
    })
    this.#process = started
    this.#options.onStarted(this)
  }

  send(message: SupervisorMessage): void {
    this.#process?.send(message)
  }

  kill(): void {
    this.#process?.kill()
  }

  /** Starts no further process. */
  hold(): void {
    this.#held = true
    clearTimeout(this.#restartTimer)
  }

  #note(message: WorkerMessage): void {
    if (message.type === 'ready') this.#ready = true
    if (message.type === 'failed') this.#failure = errorOf(message.error)
    if (message.type === 'status') {
      this.#status = message.status
      if (message.status.partitions.some(({ records }) => records > 0)) this.#restarts.progressed(Date.now())
    }
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.#process = undefined
    this.#status = undefined
    this.#ready = false
    this.#options.onExited(this, { clean: code === 0 })
    if (this.#held) return
    const failure = this.#failure
    const why = describeExit(code, signal, failure, this.#stderr)
    if (failure !== undefined && wouldFailAgain(failure)) return this.#options.onFailed(failure)
    const restartInMs = this.#restarts.next(Date.now())
    if (restartInMs === undefined) return this.#options.onFailed(crashLoop(this.index, why))
    this.#options.onCrashed(this, { why, failure, restartInMs })
    this.#restartTimer = setTimeout(() => this.start(), restartInMs)
  }
}

/** A new process would fail the same way, or lock an account. */
function wouldFailAgain({ kind }: MillraceError): boolean {
  return kind === 'authentication' || kind === 'authorisation' || kind === 'configuration' || kind === 'refused'
}

function describeExit(
  code: number | null,
  signal: NodeJS.Signals | null,
  failure: MillraceError | undefined,
  stderr: string
): string {
  if (failure !== undefined) return `${failure.code}: ${failure.message}`
  const how = signal === null ? `exit code ${code ?? '?'}` : signal
  const lastWords = stderr.trim()
  return lastWords === '' ? how : `${how}: ${lastWords}`
}

function crashLoop(index: number, why: string): MillraceError {
  return new MillraceError({
    code: 'MR_CRASH_LOOP',
    kind: 'client',
    message: `Worker ${index} crashed again and again, the last time with ${why}`,
    next: 'Look at the messages above; nothing was committed that was not delivered.',
    place: {}
  })
}
