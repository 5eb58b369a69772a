import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onceInCache } from './once-in-cache.ts'
import { runSuccessfully } from './run-command.ts'

const INSTALL_TIMEOUT_MS = 300_000
const REQUIREMENTS = fileURLToPath(new URL('../checker/requirements.txt', import.meta.url))

/** The Python that has the checker's client library: a virtual environment in the test cache, made at the first call on a machine. */
export async function ensureChecker(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(REQUIREMENTS))
  const directory = await onceInCache(`checker-${hash.digest('hex').slice(0, 12)}`, async (temporary) => {
    await runSuccessfully('python3', ['-m', 'venv', temporary])
    const pip = ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS]
    await runSuccessfully(join(temporary, 'bin', 'python'), pip, { timeoutMs: INSTALL_TIMEOUT_MS })
  })
  return join(directory, 'bin', 'python')
}

export function checkerProgram(name: 'admin' | 'write' | 'compare'): string {
  return fileURLToPath(new URL(`../checker/${name}.py`, import.meta.url))
}
