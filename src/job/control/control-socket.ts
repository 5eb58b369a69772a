import { unlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { MillraceError } from '../../model/millrace-error.ts'
import { controlPath } from './control-path.ts'
import {
  MOST_REQUEST_BYTES,
  parseRequest,
  writeReply,
  type ControlReply,
  type ControlRequest
} from './control-protocol.ts'
import { dialControl } from './dial-control.ts'
import { errorReport } from '../error-report.ts'
import type { JobControl } from './job-control.ts'

const MOST_CONNECTIONS = 16
/** Who says nothing for this long is cut off. */
const IDLE_MS = 30_000

/**
 * Lets a job be controlled over a Unix socket in its state directory, by the user that it runs as and nobody else.
 *
 * Invariant: one process has the socket of a state directory; what a killed one left behind is taken over.
 */
export class ControlSocket {
  readonly #server: Server
  readonly #connections = new Set<Socket>()

  private constructor(control: JobControl) {
    this.#server = createServer((connection) => this.#serve(connection, control))
    this.#server.maxConnections = MOST_CONNECTIONS
  }

  /**
   * Rejects with MR_CONTROL_PATH when the path is too long for a socket, with MR_CONTROL_SOCKET when none can be made,
   * and with MR_JOB_RUNNING when another process has it.
   */
  static async open(stateDir: string, control: JobControl): Promise<ControlSocket> {
    const path = controlPath(stateDir)
    const socket = new ControlSocket(control)
    try {
      await socket.#listen(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cannotListen(path, error)
      if (await isServed(path)) throw jobRunning(stateDir)
      await unlink(path).catch(() => undefined)
      await socket.#listen(path).catch((again: unknown) => {
        throw cannotListen(path, again)
      })
    }
    // The clients' errors are their own business; a server that can't accept for a moment goes on.
    socket.#server.on('error', () => undefined)
    return socket
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.destroy()
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()))
  }

  async #listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      // A socket gets its mode when it is bound, which `listen` does before it returns.
      const umask = process.umask(0o177)
      try {
        this.#server.listen(path, () => {
          this.#server.off('error', reject)
          resolve()
        })
      } finally {
        process.umask(umask)
      }
    })
  }

  #serve(connection: Socket, control: JobControl): void {
    this.#connections.add(connection)
    let pending = ''
    connection.setEncoding('utf8')
    connection.setTimeout(IDLE_MS, () => connection.destroy())
    connection.on('error', () => connection.destroy())
    connection.on('close', () => this.#connections.delete(connection))
    connection.on('data', (text: string) => {
      pending += text
      const lines = pending.split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) connection.write(writeReply(answer(line, control)))
      if (Buffer.byteLength(pending) <= MOST_REQUEST_BYTES) return
      connection.end(writeReply(answer(pending, control)))
      pending = ''
    })
  }
}

/** What a line asks for, done. */
function answer(line: string, control: JobControl): ControlReply {
  try {
    if (Buffer.byteLength(line) > MOST_REQUEST_BYTES) throw tooLong()
    return { ok: act(parseRequest(line), control) }
  } catch (error) {
    return { error: errorReport(error) }
  }
}

function act(request: ControlRequest, control: JobControl): unknown {
  switch (request.op) {
    case 'status':
      return control.status()
    case 'rate':
      return control.changeRate(request.change)
    case 'pause':
      return control.pause(request.target)
    case 'resume':
      return control.resume(request.target)
  }
}

async function isServed(path: string): Promise<boolean> {
  const connection = await dialControl(path).catch(() => undefined)
  connection?.destroy()
  return connection !== undefined
}

function tooLong(): MillraceError {
  return new MillraceError({
    code: 'MR_CONTROL_REQUEST',
    kind: 'configuration',
    message: `The request can't be understood: it is longer than ${MOST_REQUEST_BYTES} bytes.`,
    next: 'Ask for one thing in a line.'
  })
}

function jobRunning(stateDir: string): MillraceError {
  return new MillraceError({
    code: 'MR_JOB_RUNNING',
    kind: 'refused',
    message: `Another process runs a job with the state directory ${stateDir}: both would be the same members of the group.`,
    next: 'Stop that one first (`millrace control` shows it), or give this one a stateDir of its own.',
    place: { option: 'stateDir' }
  })
}

function cannotListen(path: string, cause: unknown): MillraceError {
  return new MillraceError({
    code: 'MR_CONTROL_SOCKET',
    kind: 'configuration',
    message: `The control socket ${path} can't be made: ${cause instanceof Error ? cause.message : String(cause)}. The job can't be controlled while it runs.`,
    next: 'Put stateDir on a file system that has sockets.',
    place: { option: 'stateDir' },
    cause
  })
}
