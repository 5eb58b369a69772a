import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readWorkerMessage } from './read-message.ts'
import { BUSY_KEEPS_BYTES } from './spare-memory.ts'
import type { SupervisorMessage, WorkerMessage } from './worker-messages.ts'

export interface WorkerProcessListener {
  readonly onMessage: (message: WorkerMessage) => void
  /** The process is gone. `signal`: it was killed or crashed. */
  readonly onExit: (code: number | null, signal: NodeJS.Signals | null) => void
  /** What it wrote to stderr outside the channel: the last words of a crash. */
  readonly onStderr: (text: string) => void
}

/** libuv threads of a worker: connects, metadata and closes hold one each for their whole duration. */
const UV_THREADS = 8

/** Of a message that can't be understood. */
const SHOWN_CHARACTERS = 200

const MAIN = import.meta.url.endsWith('.ts') ? './worker-main.ts' : './worker-main.js'

/** One worker's process, as the supervisor sees it. Sending to one that is gone does nothing. */
export class WorkerProcess {
  readonly #child: ChildProcess

  constructor(listener: WorkerProcessListener) {
    this.#child = fork(fileURLToPath(new URL(MAIN, import.meta.url)), [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json',
      env: {
        ...process.env,
        UV_THREADPOOL_SIZE: String(UV_THREADS),
        MALLOC_MMAP_THRESHOLD_: String(BUSY_KEEPS_BYTES),
        MALLOC_TRIM_THRESHOLD_: String(BUSY_KEEPS_BYTES)
      }
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => listener.onStderr(text))
    this.#child.on('message', (raw) => {
      const message = readWorkerMessage(raw)
      if (message !== undefined) return listener.onMessage(message)
      // What it did is not known any more, so it starts afresh.
      listener.onStderr(`it said what can't be understood: ${JSON.stringify(raw).slice(0, SHOWN_CHARACTERS)}`)
      this.kill()
    })
    let gone = false
    const exited = (code: number | null, signal: NodeJS.Signals | null) => {
      if (gone) return
      gone = true
      listener.onExit(code, signal)
    }
    this.#child.on('exit', exited)
    this.#child.on('error', (error) => {
      listener.onStderr(error.message)
      if (this.#child.pid === undefined) exited(1, null)
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  send(message: SupervisorMessage): void {
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
