import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TempDir extends AsyncDisposable {
  readonly path: string
  remove(): Promise<void>
}

/** A fresh directory; `await using` removes it at the end of the block. */
export async function tempDir(prefix = 'millrace-test-'): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), prefix))
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  return { path, remove, [Symbol.asyncDispose]: remove }
}
