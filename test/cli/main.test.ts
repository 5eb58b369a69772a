import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { tempDir } from '../helpers/temp-dir.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

it('does not crash when whoever reads its output has gone', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'config', 'schema'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout.destroy()
  const [code] = (await once(child, 'close')) as [number | null]
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}, 30_000)

it('SIGUSR2 switches the level of the log while a job runs, and does not end it', async () => {
  await using dir = await tempDir()
  // Takes connections and never answers: the job waits while it connects.
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cluster = `{ bootstrapServers: '127.0.0.1:${port}' }`
  writeFileSync(
    join(dir.path, 'job.yaml'),
    `name: j\nsource: ${cluster}\ntarget: ${cluster}\ntopics: { include: [a] }\nstateDir: ${dir.path}/state\n`
  )
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'run', join(dir.path, 'job.yaml')], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe']
  })
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  try {
    await Promise.race([once(server, 'connection'), closed])
    expect(stderr).toBe('')
    child.kill('SIGUSR2')
    await vi.waitFor(() => expect(stderr).toContain('the level of the log is debug now'), 5000)
    child.kill('SIGUSR2')
    await vi.waitFor(() => expect(stderr).toContain('the level of the log is info now'), 5000)
    child.kill('SIGTERM')
    expect(await closed).toEqual([143, null])
  } finally {
    child.kill('SIGKILL')
    server.close()
  }
}, 30_000)
