import { closeSync, fsyncSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AuditEntry } from '../../model/audit-entry.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { RotatingFile } from '../../telemetry/log/rotating-file.ts'

const FILE = 'audit.jsonl'
const MAX_SIZE_BYTES = 64 * 1024 * 1024
const MAX_FILES = 100

/**
 * Every record that was not copied as it was, in the job's state directory: one line of JSON for each, or for
 * consecutive ones of which the same is to be said. The file is made with its first line.
 *
 * Invariant: when `write` returns, the disk has the entries.
 */
export class AuditTrail {
  readonly #path: string
  #file: RotatingFile | undefined
  #trouble: Error | undefined

  /** @param stateDir is there */
  constructor(stateDir: string) {
    this.#path = join(stateDir, FILE)
  }

  /** Throws MR_AUDIT_FAILED when they can't be written. */
  write(entries: readonly AuditEntry[]): void {
    if (entries.length === 0) return
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
    try {
      this.#file ??= this.#open()
    } catch (error) {
      throw auditError(this.#path, error)
    }
    if (!this.#file.write(lines)) throw auditError(this.#path, this.#trouble)
  }

  close(): void {
    this.#file?.close()
    this.#file = undefined
  }

  #open(): RotatingFile {
    const file = new RotatingFile({
      path: this.#path,
      maxSizeBytes: MAX_SIZE_BYTES,
      maxFiles: MAX_FILES,
      synced: true,
      onTrouble: (error) => {
        this.#trouble = error
      }
    })
    // The name of a new file is in its directory, which has to reach the disk, too.
    const directory = openSync(dirname(this.#path), 'r')
    try {
      fsyncSync(directory)
    } finally {
      closeSync(directory)
    }
    return file
  }
}

function auditError(path: string, cause: unknown): MillraceError {
  return new MillraceError({
    code: 'MR_AUDIT_FAILED',
    kind: 'configuration',
    message: `The audit trail ${path} can't be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: 'Make room on the disk of stateDir and let this user write there, then start the job again.',
    place: { option: 'stateDir' },
    cause
  })
}
