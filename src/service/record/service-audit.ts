import { dirname, join } from 'node:path'
import type { AuditLogEntry, Page } from '../../api/contract.ts'
import type { PageRequest } from '../service-port.ts'
import { storageError } from '../store/storage-errors.ts'
import { syncDirectory } from '../store/whole-file.ts'
import { LineStore } from './line-store.ts'
import { cursorId, pageLimit } from './page-limit.ts'
import type { AuditLog } from './records.ts'

const MAX_SIZE_BYTES = 16 * 1024 * 1024
const MAX_FILES = 9

/** Who did what: lines of `audit.jsonl` in the data directory, each on the disk before what it tells is answered. */
export class ServiceAudit implements AuditLog {
  readonly #store: LineStore<AuditLogEntry>
  readonly #path: string
  readonly #now: () => number
  /** The name of a new file is in its directory, which has to reach the disk, too. */
  #isNamed = false

  private constructor(store: LineStore<AuditLogEntry>, path: string, now: () => number) {
    this.#store = store
    this.#path = path
    this.#now = now
  }

  static async open(dataDirectory: string, now: () => number): Promise<ServiceAudit> {
    const path = join(dataDirectory, 'audit.jsonl')
    const options = { path, maxSizeBytes: MAX_SIZE_BYTES, maxFiles: MAX_FILES, synced: true }
    return new ServiceAudit(await LineStore.open(options), path, now)
  }

  get trouble(): Error | undefined {
    return this.#store.trouble
  }

  async write(entry: Omit<AuditLogEntry, 'id' | 'at'>): Promise<void> {
    this.#store.append({ at: this.#now(), ...entry })
    if (this.#store.trouble !== undefined) throw storageError(this.#path, 'written', this.#store.trouble)
    if (this.#isNamed) return
    await syncDirectory(dirname(this.#path))
    this.#isNamed = true
  }

  async read(request: PageRequest & { readonly subject?: string }): Promise<Page<AuditLogEntry>> {
    const [before, limit, { subject }] = [cursorId(request), pageLimit(request), request]
    const found = await this.#store.read({
      limit: limit + 1,
      ...(before !== undefined && { before }),
      ...(subject !== undefined && { matches: (entry: AuditLogEntry) => entry.subject === subject })
    })
    const items = found.slice(0, limit)
    return {
      items,
      total: subject === undefined ? await this.#store.count() : null,
      nextCursor: found.length > limit ? String(items.at(-1)?.id) : null
    }
  }

  close(): void {
    this.#store.close()
  }
}
