import { createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { SecretKeeper } from '../record/records.ts'
import { storageError, tornFile } from './storage-errors.ts'
import { readWhole, removeFile, writeWhole } from './whole-file.ts'

const KEY_FILE = '.key'
const KEY_BYTES = 32
const SHOWN_DIGITS = 8
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*@[0-9a-f]+x$/

/**
 * Secrets, one file each, that only the service's user can read.
 *
 * Invariant: a file is written once, under a name of its own, and never changed: whatever refers to it changes by referring
 * to another one, so a crash in between leaves the old secret in place.
 */
export class SecretStore implements SecretKeeper {
  readonly #directory: string
  readonly #key: Buffer

  private constructor(directory: string, key: Buffer) {
    this.#directory = directory
    this.#key = key
  }

  static async open(directory: string): Promise<SecretStore> {
    const path = join(directory, KEY_FILE)
    const known = (await readWhole(path))?.trim()
    if (known !== undefined) {
      if (!/^[0-9a-f]{64}$/.test(known)) throw tornFile(path, 'it is not the key that fingerprints are made with')
      return new SecretStore(directory, Buffer.from(known, 'hex'))
    }
    const key = randomBytes(KEY_BYTES)
    await writeWhole(path, `${key.toString('hex')}\n`)
    return new SecretStore(directory, key)
  }

  async keep(owner: string, secret: string): Promise<string> {
    const name = `${owner}@${randomBytes(6).toString('hex')}x`
    // Whoever reads a secret from a file takes the line break at its end for none of it.
    await writeWhole(this.pathOf(name), `${secret}\n`)
    return name
  }

  read(name: string): string {
    const path = this.pathOf(name)
    try {
      return readFileSync(path, 'utf8').slice(0, -1)
    } catch (error) {
      throw storageError(path, 'read', error)
    }
  }

  async drop(name: string): Promise<void> {
    await removeFile(this.pathOf(name))
  }

  fingerprint(secret: string): string {
    return createHmac('sha256', this.#key).update(secret).digest('hex').slice(0, SHOWN_DIGITS)
  }

  pathOf(name: string): string {
    // It comes from a file that somebody may have edited.
    if (!NAME.test(name)) throw tornFile(join(this.#directory, '…'), 'a secret has a name that is none')
    return join(this.#directory, name)
  }

  async dropOthers(ownersBeginWith: string, kept: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#directory)
    const left = names.filter((name) => name.startsWith(ownersBeginWith) && NAME.test(name) && !kept.has(name))
    for (const name of left) await this.drop(name)
  }
}
