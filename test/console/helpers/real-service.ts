import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCli, type CliResult } from '../../helpers/run-cli.ts'
import type { ConsoleServer } from './open-page.ts'

const LONG_MS = 300_000

export interface RealService extends ConsoleServer {
  readonly dataDirectory: string
  /** What it has written, for when something went wrong. */
  readonly output: () => string
  /** Ctrl-C, as it is pressed; how it ended. */
  interrupt(): Promise<CliResult>
  /** For good: ends it if it still runs, and removes its data. */
  remove(): Promise<void>
}

/** `millrace serve` as it was built, with a data directory of its own. */
export async function startRealService(): Promise<RealService> {
  // The path must be short: sockets are in it.
  const directory = await mkdtemp(join(tmpdir(), 'mrc-'))
  const dataDirectory = join(directory, 'd')
  const service = startCli(['serve', '--data-dir', dataDirectory, '--listen', '127.0.0.1:0'], {
    cwd: directory,
    timeoutMs: LONG_MS
  })
  const output = () => `${service.stdout}\n${service.stderr}`
  await service.printed(/#token=\S+\n/, 30_000)
  const [, port = '', token = ''] = /127\.0\.0\.1:(\d+)\/#token=(\S+)/.exec(service.stdout) ?? []
  return {
    port: Number(port),
    tokens: { admin: token },
    dataDirectory,
    output,
    async interrupt() {
      service.kill('SIGINT')
      return await service.finished()
    },
    async remove() {
      service.kill('SIGKILL')
      await service.finished().catch(() => undefined)
      await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    }
  }
}
