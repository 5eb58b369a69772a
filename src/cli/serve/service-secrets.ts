import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { TokenStore } from '../../api/security/token-store.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { FIRST_TOKEN_FILE, SESSION_KEY_FILE } from './service-files.ts'

const KEY_BYTES = 32

/** At the first start, when there is no token: makes one that may do everything. @returns the file that has it */
export function ensureFirstToken(
  dataDirectory: string,
  tokens: TokenStore
): { readonly file: string; readonly isNew: boolean } {
  const file = join(dataDirectory, FIRST_TOKEN_FILE)
  if (tokens.list().length > 0) return { file, isNew: false }
  writePrivately(file, `${tokens.add('admin', 'admin')}\n`)
  return { file, isNew: true }
}

/** The same at each start, so that browsers stay logged in over a restart. */
export function sessionKey(dataDirectory: string): Uint8Array {
  const file = join(dataDirectory, SESSION_KEY_FILE)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(file, error)
    const key = randomBytes(KEY_BYTES)
    writePrivately(file, `${key.toString('hex')}\n`)
    return key
  }
  if (!/^[0-9a-f]{64}\n$/.test(text)) throw unreadable(file, new Error('it has no key'))
  return Buffer.from(text.trim(), 'hex')
}

export function writePrivately(file: string, text: string): void {
  writeFileAtomic.sync(file, text, { mode: 0o600 })
}

function unreadable(file: string, cause: unknown): MillraceError {
  return new MillraceError({
    code: 'MR_TOKEN_FILE',
    kind: 'configuration',
    message: `${file} can't be read: ${(cause as Error).message}.`,
    next: 'Delete it: browsers have to log in again, nothing else is lost.',
    place: { file },
    cause
  })
}
