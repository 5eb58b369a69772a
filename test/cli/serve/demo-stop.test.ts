import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/command-line.ts'
import { fakeContext } from '../fake-context.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts')

let dir: TempDir
let service: ChildProcess | undefined

beforeEach(async () => {
  dir = await tempDir()
})
afterEach(async () => {
  // All of its group, should it not have ended.
  if (service?.exitCode === null && service.pid !== undefined) process.kill(-service.pid, 'SIGKILL')
  await dir.remove()
})

it('Ctrl-C in the demo: its jobs drain and commit before its clusters end', { timeout: 120_000 }, async () => {
  const dataDir = join(dir.path, 'data')
  const args = ['--import', 'tsx', MAIN, 'serve', '--demo', '--listen', '127.0.0.1:0', '--data-dir', dataDir]
  service = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  service.stderr?.resume()
  const [address] = (await once(service.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  expect(String(address)).toContain('http://127.0.0.1:')
  const jobs = async (...words: readonly string[]): Promise<string> => {
    const context = fakeContext({ cwd: dir.path, env: {} })
    expect(await runCommandLine(['jobs', ...words, '--data-dir', dataDir], context), context.stderr.text).toBe(0)
    return context.stdout.text
  }
  await jobs('submit', 'demo')
  await jobs('start', 'demo')
  await expect
    .poll(
      async () =>
        (JSON.parse(await jobs('status', 'demo', '-o', 'json')) as { figures: { records: number } | null }).figures
          ?.records,
      {
        timeout: 60_000,
        interval: 500
      }
    )
    .toBeGreaterThan(10_000)

  const ended = once(service, 'exit')
  process.kill(-(service.pid ?? 0), 'SIGINT')
  expect(await ended).toEqual([130, null])
  const log = await readFile(join(dataDir, 'jobs/demo/log/log.jsonl'), 'utf8')
  expect(log).toContain('The job is STOPPED.')
  expect(log).not.toMatch(/FAILED|could not commit|BROKERS_DOWN/)
})
