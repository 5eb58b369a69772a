import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/command-line.ts'
import { openPretend } from '../../helpers/open-pretend.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'
import { fakeContext } from '../fake-context.ts'

async function tokens(directory: TempDir, ...args: string[]) {
  const context = fakeContext({ cwd: directory.path })
  const exitCode = await runCommandLine(['tokens', ...args], context)
  return { exitCode, stdout: context.stdout.text, stderr: context.stderr.text }
}

it('adds, lists and revokes', async () => {
  await using directory = await tempDir()
  await mkdir(join(directory.path, '.millrace', 'service'), { recursive: true })
  expect((await tokens(directory, 'list')).stdout).toBe('There is no token.\n')
  const added = await tokens(directory, 'add', 'deploy', '--role', 'operate')
  expect(added.exitCode).toBe(0)
  expect(added.stdout).toMatch(/^millrace_[\w-]{43}\n$/)
  expect(added.stderr).toContain('may operate')
  const listed = await tokens(directory, 'list')
  expect(listed.stdout).toMatch(/deploy +operate +[0-9a-f]{8} /)
  expect(listed.stdout).not.toContain(added.stdout.trim())
  expect(await tokens(directory, 'add', 'deploy')).toMatchObject({ exitCode: 2, stdout: '' })
  expect((await tokens(directory, 'revoke', 'deploy')).stdout).toBe('Token deploy is revoked.\n')
  expect(await tokens(directory, 'revoke', 'deploy')).toMatchObject({ exitCode: 2 })
})

it('makes no data directory of a mistyped one', async () => {
  await using directory = await tempDir()
  const said = await tokens(directory, 'add', 'a', '--data-dir', 'nowhere')
  expect(said.exitCode).toBe(2)
  expect(said.stderr).toContain('nowhere is no data directory')
})

it('a service that runs follows at once', async () => {
  await using open = await openPretend()
  const { directory } = open.asked
  const token = (await tokens(directory, 'add', 'night', '--data-dir', '.')).stdout.trim()
  const get = async (): Promise<number> =>
    (await fetch(`${open.url}/api/v1/jobs`, { headers: { authorization: `Bearer ${token}` } })).status
  expect(await get()).toBe(200)
  await tokens(directory, 'revoke', 'night', '--data-dir', '.')
  expect(await get()).toBe(401)
})
