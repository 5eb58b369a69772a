import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  writeSync
} from 'node:fs'
import { MillraceError } from '../../model/millrace-error.ts'

export interface RotatingFileOptions {
  readonly path: string
  /** Before a line would make it larger than this, the file is rotated. */
  readonly maxSizeBytes: number
  /** How many rotated files are kept: `path.1`, the newest, to `path.N`. */
  readonly maxFiles: number
  /** A line is on the disk when `write` returns, not only in the operating system's memory. */
  readonly synced?: boolean
  /** The first of a row of failures. */
  readonly onTrouble: (error: Error) => void
}

/**
 * Lines in a file that is rotated by size.
 *
 * The lines are few, so each is written at once and nothing waits in memory: what was logged before a crash or an exit
 * is in the file.
 *
 * Invariant: `path` is the file that is being written, also after something else has moved or deleted it, and a line is
 * in one file as a whole.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions
  readonly #path: string
  #fd: number | undefined
  #inode = -1
  #size = 0
  /** What was written last ends in the middle of a line. */
  #torn = false
  #troubled = false

  /** Throws MR_LOG_FILE when the file can't be written. */
  constructor(options: RotatingFileOptions) {
    this.#options = options
    try {
      this.#path = realPath(options.path)
      this.#open()
    } catch (error) {
      throw new MillraceError({
        code: 'MR_LOG_FILE',
        kind: 'configuration',
        message: `The log file can't be written: ${(error as Error).message}`,
        next: 'Name a file in a directory that is there and that this user may write to.',
        place: { option: 'log.file' },
        cause: error
      })
    }
  }

  /** Whether the line, which ends with its line break, is in the file now. Never throws. */
  write(line: string): boolean {
    const bytes = Buffer.from(line)
    try {
      this.#follow()
      if (this.#size > 0 && this.#size + bytes.length > this.#options.maxSizeBytes) this.#rotate()
      if (this.#torn) this.#append(Buffer.from('\n'))
      this.#append(bytes)
      if (this.#options.synced === true && this.#fd !== undefined) fsyncSync(this.#fd)
      this.#troubled = false
      return true
    } catch (error) {
      this.#tellTrouble(error as Error)
      return false
    }
  }

  close(): void {
    const fd = this.#fd
    this.#fd = undefined
    if (fd !== undefined) closeSync(fd)
  }

  #open(): void {
    // Opening a pipe would wait for a reader.
    const there = statSync(this.#path, { throwIfNoEntry: false })
    if (there !== undefined && !there.isFile()) throw new Error(`${this.#path} is not a file`)
    // For its owner only: names of topics and hosts are nobody else's business. A file that is there keeps its mode.
    const fd = openSync(this.#path, 'a', 0o600)
    const { ino, size } = fstatSync(fd)
    this.#fd = fd
    this.#inode = ino
    this.#size = size
    // A process that was killed while it wrote left half a line; what follows must not be glued to it.
    this.#torn = size > 0 && lastByte(this.#path, size) !== LINE_BREAK
  }

  /** Opens the file again if it is no longer where it was. */
  #follow(): void {
    const there = statSync(this.#path, { throwIfNoEntry: false })
    if (this.#fd !== undefined && there?.ino === this.#inode) return
    this.close()
    this.#open()
  }

  /** A directory that allows no renaming makes the file longer, not the log shorter. */
  #rotate(): void {
    try {
      for (let n = this.#options.maxFiles - 1; n >= 1; n--) {
        const older = `${this.#path}.${n}`
        if (statSync(older, { throwIfNoEntry: false }) !== undefined) renameSync(older, `${this.#path}.${n + 1}`)
      }
      renameSync(this.#path, `${this.#path}.1`)
    } catch (error) {
      this.#tellTrouble(error as Error)
      this.#size = 0
      return
    }
    this.#follow()
  }

  #append(bytes: Buffer): void {
    if (this.#fd === undefined) throw new Error(`${this.#path} is closed`)
    for (let at = 0; at < bytes.length;) {
      const written = writeSync(this.#fd, bytes, at)
      at += written
      this.#size += written
      this.#torn = bytes[at - 1] !== LINE_BREAK
    }
  }

  #tellTrouble(error: Error): void {
    if (this.#troubled) return
    this.#troubled = true
    this.#options.onTrouble(error)
  }
}

const LINE_BREAK = 0x0a

function lastByte(path: string, size: number): number | undefined {
  const fd = openSync(path, 'r')
  try {
    const byte = Buffer.alloc(1)
    return readSync(fd, byte, 0, 1, size - 1) === 1 ? byte[0] : undefined
  } finally {
    closeSync(fd)
  }
}

/** A link stays one: what it names is written and rotated. */
function realPath(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path)
}
