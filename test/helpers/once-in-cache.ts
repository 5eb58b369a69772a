import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const LOCK_POLL_MS = 250

export function cacheDirectory(): string {
  return process.env['MILLRACE_TEST_CACHE'] ?? join(homedir(), '.cache', 'millrace-test')
}

/**
 * Returns the directory `name` of the test cache, built once for all processes and all runs. `build` fills a temporary directory that is
 * renamed when it is complete, so a directory that exists is a directory that is whole.
 */
export async function onceInCache(name: string, build: (directory: string) => Promise<void>): Promise<string> {
  const finished = join(cacheDirectory(), name)
  if (await exists(finished)) return finished
  await mkdir(cacheDirectory(), { recursive: true })
  const unlock = await lock(`${finished}.lock`)
  try {
    if (await exists(finished)) return finished
    const temporary = await mkdtemp(`${finished}.building-`)
    try {
      await build(temporary)
      await rename(temporary, finished)
    } catch (error) {
      await rm(temporary, { recursive: true, force: true })
      throw error
    }
    return finished
  } finally {
    await unlock()
  }
}

/** The lock only saves work: two builders at once would still be correct, because the rename decides. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await mkdir(path)
      await writeFile(join(path, 'pid'), String(process.pid))
      return () => rm(path, { recursive: true, force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = Number(await readFile(join(path, 'pid'), 'utf8').catch(() => '0'))
    if (owner > 0 && !isAlive(owner)) await rm(path, { recursive: true, force: true })
    await sleep(LOCK_POLL_MS)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  )
}
