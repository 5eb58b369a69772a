import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { MillraceError } from '../../model/millrace-error.ts'

/**
 * Sessions that logged out before their time was over, by their nonces: `ended-sessions.json` in the data directory.
 *
 * Invariant: a session for which `end` was called has ended, whatever the disk does; when `end` returned, it stays so over
 * a restart. Those whose time is over are forgotten.
 */
export class EndedSessions {
  readonly #path: string
  /** When their time would have been over. */
  readonly #until: Map<string, number>

  /** Throws MR_TOKEN_FILE when the file can't be read: nobody would know who has logged out. */
  constructor(dataDirectory: string) {
    this.#path = join(dataDirectory, 'ended-sessions.json')
    this.#until = new Map(Object.entries(readEnded(this.#path)))
  }

  has(nonce: string): boolean {
    return this.#until.has(nonce)
  }

  /** Throws MR_SERVICE_STORAGE when the disk does not take it. */
  end(nonce: string, until: number): void {
    const now = Date.now()
    this.#until.set(nonce, until)
    for (const [other, over] of this.#until) if (over < now) this.#until.delete(other)
    try {
      writeFileAtomic.sync(this.#path, `${JSON.stringify(Object.fromEntries(this.#until))}\n`, { mode: 0o600 })
    } catch (error) {
      throw new MillraceError({
        code: 'MR_SERVICE_STORAGE',
        kind: 'retry',
        message: `${this.#path} can't be written: ${(error as Error).message}. The session ended only until a restart.`,
        next: 'Make room on that disk, or give the user of the service the permission; then log in and out again.',
        place: { file: this.#path },
        cause: error
      })
    }
  }
}

function readEnded(path: string): Readonly<Record<string, number>> {
  try {
    const ended: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof ended !== 'object' || ended === null || !Object.values(ended).every(Number.isFinite)) {
      throw new Error('it has no sessions')
    }
    return ended as Record<string, number>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new MillraceError({
      code: 'MR_TOKEN_FILE',
      kind: 'configuration',
      message: `${path} can't be read: ${(error as Error).message}.`,
      next: 'Delete it and session.key beside it: browsers have to log in again, nothing else is lost.',
      place: { file: path },
      cause: error
    })
  }
}
