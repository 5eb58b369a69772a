import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { MillraceError } from '../../model/millrace-error.ts'
import type { Role } from '../contract.ts'

export interface StoredToken {
  readonly name: string
  readonly role: Role
  /** SHA-256 in hexadecimal digits. A token is 32 random bytes: nothing that could be guessed, so no salt is needed. */
  readonly hash: string
  readonly createdAt: number
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/
const PREFIX = 'millrace_'

/**
 * The tokens of a data directory: `tokens/NAME.json` each, with its hash alone. `millrace tokens` changes the same
 * files, so they are looked at again when the directory has changed.
 *
 * Invariant: what is in memory is what was on the disk when the directory had `#seen` as time of change; a file that
 * can't be read lets nobody in and is told.
 */
export class TokenStore {
  readonly #directory: string
  #tokens: readonly StoredToken[] = []
  #seen = ''

  constructor(dataDirectory: string) {
    this.#directory = join(dataDirectory, 'tokens')
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
    chmodSync(this.#directory, 0o700)
  }

  list(): readonly StoredToken[] {
    const { mtimeMs, ino } = statSync(this.#directory)
    const seen = `${ino} ${mtimeMs}`
    if (seen === this.#seen) return this.#tokens
    this.#tokens = readdirSync(this.#directory)
      .filter((file) => file.endsWith('.json'))
      .map((file) => readToken(join(this.#directory, file)))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    // A change within the granularity of the clock must not be missed.
    this.#seen = Date.now() - mtimeMs > 2000 ? seen : ''
    return this.#tokens
  }

  /** @returns the token itself, which is kept nowhere */
  add(name: string, role: Role): string {
    if (!NAME.test(name)) {
      throw refused(
        `${JSON.stringify(name)} is no name for a token.`,
        'Use letters, digits, dots and dashes, up to 63.'
      )
    }
    if (this.list().some((token) => token.name === name)) {
      throw refused(`There is a token ${name} already.`, 'Revoke it first, or choose another name.')
    }
    const secret = PREFIX + randomBytes(32).toString('base64url')
    const token: StoredToken = { name, role, hash: hashOf(secret), createdAt: Date.now() }
    writeFileAtomic.sync(this.#file(name), `${JSON.stringify(token, undefined, 2)}\n`, { mode: 0o600 })
    this.#seen = ''
    return secret
  }

  /** Whoever has it is out at once, sessions included. */
  revoke(name: string): void {
    if (!this.list().some((token) => token.name === name)) {
      throw refused(`There is no token ${name}.`, '`millrace tokens list` shows what there is.')
    }
    rmSync(this.#file(name))
    this.#seen = ''
  }

  /** Whose it is. Compares with every token, however early one matches. */
  find(secret: string): StoredToken | undefined {
    const given = Buffer.from(hashOf(secret), 'hex')
    let found: StoredToken | undefined
    for (const token of this.list()) {
      if (timingSafeEqual(given, Buffer.from(token.hash, 'hex'))) found = token
    }
    return found
  }

  named(name: string): StoredToken | undefined {
    return this.list().find((token) => token.name === name)
  }

  #file(name: string): string {
    return join(this.#directory, `${name}.json`)
  }
}

export function fingerprintOf(token: StoredToken): string {
  return token.hash.slice(0, 8)
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function readToken(path: string): StoredToken {
  const text = readFileSync(path, 'utf8')
  try {
    const { name, role, hash, createdAt } = JSON.parse(text) as StoredToken
    if (!NAME.test(name) || !['read', 'operate', 'admin'].includes(role) || !/^[0-9a-f]{64}$/.test(hash)) {
      throw new Error('a field is missing or wrong')
    }
    return { name, role, hash, createdAt }
  } catch (error) {
    throw new MillraceError({
      code: 'MR_TOKEN_FILE',
      kind: 'configuration',
      message: `${path} can't be read as a token: ${(error as Error).message}.`,
      next: 'Restore the file, or delete it and add the token again.',
      place: { file: path },
      cause: error
    })
  }
}

function refused(message: string, next: string): MillraceError {
  return new MillraceError({ code: 'MR_TOKEN_REFUSED', kind: 'configuration', message, next })
}
