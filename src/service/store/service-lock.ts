import { link, mkdir, rename, stat, unlink } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { MillraceError } from '../../model/millrace-error.ts'
import { storageError } from './storage-errors.ts'

const FILE = 'service.sock'
/** `sockaddr_un.sun_path` without its closing zero. */
const MOST_PATH_BYTES = process.platform === 'linux' ? 107 : 103
const DIAL_TIMEOUT_MS = 2000
const ATTEMPTS = 20

/**
 * Who has a data directory: the process that answers on its socket. A killed process answers no more, so what it left
 * behind is taken over; a process id in a file could be anybody's by then.
 *
 * Invariant: the name `service.sock` is made by linking a socket that is served already, so whoever finds one that nobody
 * serves knows that its process is gone.
 */
export class ServiceLock {
  readonly #server: Server
  readonly #path: string
  readonly #inode: number

  private constructor(server: Server, path: string, inode: number) {
    this.#server = server
    this.#path = path
    this.#inode = inode
  }

  /** Rejects with MR_SERVICE_RUNNING when another service has the directory. */
  static async take(directory: string): Promise<ServiceLock> {
    const path = join(directory, FILE)
    const own = join(directory, `.sock-${randomBytes(4).toString('hex')}`)
    const most = Buffer.byteLength(own)
    if (most > MOST_PATH_BYTES) throw pathTooLong(directory)
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const server = await serve(own)
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (await linked(own, path)) {
          const { ino } = await stat(path)
          await unlink(own)
          return new ServiceLock(server, path, ino)
        }
        await clearDead(path)
      }
      throw running(directory, undefined)
    } catch (error) {
      await closed(server)
      await unlink(own).catch(() => undefined)
      throw storageError(path, 'written', error)
    }
  }

  /** Whether the directory is still this process's: nobody has removed the socket under it. */
  async holds(): Promise<boolean> {
    return (await stat(this.#path).catch(() => undefined))?.ino === this.#inode
  }

  async release(): Promise<void> {
    if (await this.holds()) await unlink(this.#path).catch(() => undefined)
    await closed(this.#server)
  }
}

/** Says the process id to whoever connects. */
async function serve(path: string): Promise<Server> {
  const server = createServer((connection: Socket) => {
    connection.on('error', () => connection.destroy())
    connection.end(`${process.pid}\n`)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(storageError(path, 'written', error)))
    const umask = process.umask(0o177)
    try {
      server.listen(path, resolve)
    } finally {
      process.umask(umask)
    }
  })
  server.unref()
  return server
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    // ENOENT: whoever has the directory by now has cleared up.
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

/** Removes a socket that nobody serves. What was put there meanwhile by somebody who lives is put back. */
async function clearDead(path: string): Promise<void> {
  const pid = await holderOf(path)
  if (pid !== undefined) throw running(join(path, '..'), pid)
  const aside = `${path}-${randomBytes(4).toString('hex')}`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = await holderOf(aside)
  if (moved !== undefined) await linked(aside, path)
  await unlink(aside)
  if (moved !== undefined) throw running(join(path, '..'), moved)
}

/** The process that answers, as it says itself; undefined = nobody does. */
async function holderOf(path: string): Promise<string | undefined> {
  return await new Promise((resolve) => {
    let said = ''
    const connection = connect(path)
    connection.setEncoding('utf8')
    // Who accepts and says nothing lives, too.
    connection.setTimeout(DIAL_TIMEOUT_MS, () => {
      connection.destroy()
      resolve('unknown')
    })
    connection.on('data', (text: string) => (said += text))
    connection.on('end', () => resolve(said.trim() === '' ? 'unknown' : said.trim()))
    connection.on('error', () => resolve(undefined))
  })
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => void server.close(() => resolve()))
}

function running(directory: string, pid: string | undefined): MillraceError {
  return new MillraceError({
    code: 'MR_SERVICE_RUNNING',
    kind: 'refused',
    message: `Another service has the data directory ${directory}${pid === undefined ? '' : ` (process ${pid})`}.`,
    next: 'Use that one, end it first, or give this one a data directory of its own.',
    place: { file: directory }
  })
}

function pathTooLong(directory: string): MillraceError {
  return new MillraceError({
    code: 'MR_SERVICE_STORAGE',
    kind: 'configuration',
    message: `The path of the data directory ${directory} is too long for a socket in it: the system takes ${MOST_PATH_BYTES} bytes in all.`,
    next: 'Choose a shorter data directory.',
    place: { file: directory }
  })
}
