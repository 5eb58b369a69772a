import { once } from 'node:events'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../helpers/run-command.ts'
import { tempDir, type TempDir } from '../../helpers/temp-dir.ts'

// An installation whose native part was not built, or can't be loaded: the remedy, and no stack trace.

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url))
const REMEDY = /npm rebuild node-rdkafka && npm run build:native/

describe('an installation without its native part', () => {
  let directory: TempDir
  let config: string
  // A port that answers, so that `check` comes to the stage that needs the native part.
  const listener = createServer((socket) => socket.destroy())

  beforeAll(async () => {
    directory = await tempDir()
    // A copy, whose addon can be taken away without anybody noticing; the dependencies are shared.
    for (const part of ['dist', 'package.json', 'native/load.mjs', 'native/rdkafka-paths.mjs']) {
      await mkdir(dirname(join(directory.path, part)), { recursive: true })
      await cp(join(PACKAGE, part), join(directory.path, part), { recursive: true })
    }
    await symlink(join(PACKAGE, 'node_modules'), join(directory.path, 'node_modules'))
    await once(listener.listen(0, '127.0.0.1'), 'listening')
    const { port } = listener.address() as AddressInfo
    config = join(directory.path, 'job.yaml')
    const job = {
      name: 'job',
      source: { bootstrapServers: `127.0.0.1:${port}` },
      target: { bootstrapServers: `127.0.0.1:${port}` },
      topics: { include: ['orders'] },
      stateDir: join(directory.path, 'state')
    }
    await writeFile(config, JSON.stringify(job))
  })
  afterAll(async () => {
    listener.close()
    await directory?.remove()
  })

  const millrace = async (...args: string[]) =>
    await runCommand(process.execPath, [join(directory.path, 'dist/cli/main.js'), ...args])
  const addon = () => join(directory.path, 'native/build/Release/millrace.node')

  it.each(['plan', 'run'])('%s: an addon that is not there is told with its remedy', async (command) => {
    const { exitCode, stdout, stderr } = await millrace(command, config)
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/MR_NATIVE_MISSING/)
    expect(stderr).toMatch(REMEDY)
    expect(stdout + stderr).not.toMatch(/^\s+at /m)
  })

  it('check: tells it as a finding of the first stage that needs it', async () => {
    const { exitCode, stdout, stderr } = await millrace('check', config)
    expect(exitCode, stderr).toBe(4)
    expect(stdout).toMatch(/protocol +failed +\d+ +MR_NATIVE_MISSING/)
    expect(stdout).toMatch(REMEDY)
    expect(stdout + stderr).not.toMatch(/^\s+at /m)
  })

  it('demo: likewise', async () => {
    const { exitCode, stdout, stderr } = await millrace('demo')
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(REMEDY)
    expect(stdout + stderr).not.toMatch(/^\s+at /m)
  })

  it('an addon that can not be loaded is told with its remedy', async () => {
    await mkdir(dirname(addon()), { recursive: true })
    await writeFile(addon(), await readFile(join(PACKAGE, 'package.json')))
    const { exitCode, stdout, stderr } = await millrace('plan', config)
    await rm(addon())
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toMatch(/MR_NATIVE_MISSING.*native addon of millrace/)
    expect(stderr).toMatch(REMEDY)
    expect(stdout + stderr).not.toMatch(/^\s+at /m)
  })

  it('what needs no cluster works all the same', async () => {
    const { exitCode, stdout } = await millrace('config', 'show', config)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('orders')
  })
})
