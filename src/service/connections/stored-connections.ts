import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConnectionSettings } from '../../config/assign-connections.ts'
import type { Reason } from '../../api/contract.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { reasonOf } from '../reason-of.ts'
import type { SecretStore } from '../store/secret-store.ts'
import { storageError, tornFile } from '../store/storage-errors.ts'
import { readYamlFile, removeFile, writeYaml } from '../store/whole-file.ts'
import { settingsOf, type StoredConnection, storedConnection } from './connection-file.ts'

const HEADING = 'A connection of millrace serve. Change it while the service does not run, or in its console.'
const EXTENSION = '.yaml'

/** Whose the secrets of a connection are; see `SecretKeeper.keep`. */
export function secretOwner(name: string): string {
  return `connection-${name}`
}

/**
 * The connections on the disk and, the same, in memory.
 *
 * Invariant: what is in memory is what the disk has. A damaged file is neither read as something else nor written over.
 */
export class StoredConnections {
  readonly #directory: string
  readonly #secrets: SecretStore
  readonly #byName = new Map<string, StoredConnection>()
  readonly #damaged = new Map<string, MillraceError>()

  private constructor(directory: string, secrets: SecretStore) {
    this.#directory = directory
    this.#secrets = secrets
  }

  static async open(directory: string, secrets: SecretStore): Promise<StoredConnections> {
    const stored = new StoredConnections(directory, secrets)
    const files = await readdir(directory).catch((error: unknown) => {
      throw storageError(directory, 'read', error)
    })
    for (const file of files.filter((name) => name.endsWith(EXTENSION))) {
      await stored.#read(file.slice(0, -EXTENSION.length))
    }
    // While one can't be read, nobody knows which secrets it needs.
    if (stored.#damaged.size === 0) await secrets.dropOthers(secretOwner(''), stored.#secretFiles())
    return stored
  }

  get all(): readonly StoredConnection[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Undefined = there is none. Throws MR_SERVICE_TORN when its file is damaged. */
  get(name: string): StoredConnection | undefined {
    const damage = this.#damaged.get(name)
    if (damage !== undefined) throw damage
    return this.#byName.get(name)
  }

  /** The same, where one whose file is damaged is one that is not there. */
  find(name: string): StoredConnection | undefined {
    return this.#byName.get(name)
  }

  /** What is wrong with files. */
  get reasons(): readonly Reason[] {
    return [...this.#damaged.values()].map(reasonOf)
  }

  settings(name: string): ConnectionSettings | undefined {
    const found = this.#byName.get(name)
    return found === undefined ? undefined : settingsOf(found, (file) => this.#secrets.pathOf(file))
  }

  /** What jobs may name. */
  get allSettings(): ReadonlyMap<string, ConnectionSettings> {
    return new Map(this.all.map((found) => [found.name, settingsOf(found, (file) => this.#secrets.pathOf(file))]))
  }

  async save(connection: StoredConnection): Promise<void> {
    this.get(connection.name)
    await writeYaml(this.#pathOf(connection.name), HEADING, connection)
    this.#byName.set(connection.name, connection)
  }

  async remove(name: string): Promise<void> {
    await removeFile(this.#pathOf(name))
    this.#byName.delete(name)
  }

  async #read(name: string): Promise<void> {
    const path = this.#pathOf(name)
    try {
      const found = await readYamlFile(path, storedConnection)
      if (found === undefined) return
      if (found.name !== name) throw tornFile(path, `it is about ${found.name}`)
      this.#byName.set(name, found)
    } catch (error) {
      this.#damaged.set(name, error instanceof MillraceError ? error : storageError(path, 'read', error))
    }
  }

  #secretFiles(): Set<string> {
    const files = this.all.flatMap(({ security }) => [security.password?.file, security.keyPassword?.file])
    return new Set(files.filter((file): file is string => typeof file === 'string'))
  }

  #pathOf(name: string): string {
    return join(this.#directory, `${name}${EXTENSION}`)
  }
}
