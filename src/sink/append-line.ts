import { open } from 'node:fs/promises'

/**
 * Appends a line to a file, for its owner only, and resolves when the disk has it. Several processes may append to one
 * file: a line is written at once, and one that an earlier crash tore is ended first.
 */
export async function appendLine(path: string, line: string): Promise<void> {
  const file = await open(path, 'a+', 0o600)
  try {
    const { size } = await file.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await file.read(last, 0, 1, size - 1)
    const torn = size > 0 && last.toString() !== '\n'
    const bytes = Buffer.from(`${torn ? '\n' : ''}${line}\n`)
    const { bytesWritten } = await file.write(bytes)
    if (bytesWritten < bytes.length) throw new Error(`only ${bytesWritten} of ${bytes.length} bytes could be written`)
    await file.sync()
  } finally {
    await file.close()
  }
}
