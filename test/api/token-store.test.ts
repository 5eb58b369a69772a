import { chmod, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TokenStore } from '../../src/api/security/token-store.ts'
import { tempDir } from '../helpers/temp-dir.ts'

it('keeps hashes alone, in files of the owner', async () => {
  await using directory = await tempDir()
  const tokens = new TokenStore(directory.path)
  const secret = tokens.add('deploy', 'operate')
  expect(secret).toMatch(/^millrace_[\w-]{43}$/)
  const file = join(directory.path, 'tokens', 'deploy.json')
  expect(await readFile(file, 'utf8')).not.toContain(secret.slice(10))
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(directory.path, 'tokens'))).mode & 0o777).toBe(0o700)
  expect(tokens.find(secret)).toMatchObject({ name: 'deploy', role: 'operate' })
  expect(tokens.find(`${secret}x`)).toBeUndefined()
  expect(tokens.find('')).toBeUndefined()
})

it('a directory that others could read is closed', async () => {
  await using directory = await tempDir()
  new TokenStore(directory.path).add('a', 'read')
  await chmod(join(directory.path, 'tokens'), 0o755)
  expect(new TokenStore(directory.path).list()).toHaveLength(1)
  expect((await stat(join(directory.path, 'tokens'))).mode & 0o777).toBe(0o700)
})

it('sees at once what another process adds and revokes', async () => {
  await using directory = await tempDir()
  const [service, command] = [new TokenStore(directory.path), new TokenStore(directory.path)]
  for (let round = 0; round < 20; round++) {
    const secret = command.add('short', 'read')
    expect(service.find(secret)?.name).toBe('short')
    command.revoke('short')
    expect(service.find(secret)).toBeUndefined()
  }
})

it('names are names of files, and are taken once', async () => {
  await using directory = await tempDir()
  const tokens = new TokenStore(directory.path)
  tokens.add('a', 'read')
  for (const name of ['a', '', '..', '../x', 'a/b', '.hidden', 'x'.repeat(64), 'a\n']) {
    expect(() => tokens.add(name, 'read'), name).toThrow(expect.objectContaining({ code: 'MR_TOKEN_REFUSED' }))
  }
  expect(() => tokens.revoke('b')).toThrow(expect.objectContaining({ code: 'MR_TOKEN_REFUSED' }))
  expect(await readdir(join(directory.path, 'tokens'))).toEqual(['a.json'])
})

it('a torn file lets nobody in, is named and not overwritten', async () => {
  await using directory = await tempDir()
  const tokens = new TokenStore(directory.path)
  const secret = tokens.add('a', 'admin')
  const file = join(directory.path, 'tokens', 'a.json')
  for (const text of ['{"name":"a"', '{}', '{"name":"a","role":"root","hash":"00","createdAt":1}']) {
    await writeFile(file, text)
    const fresh = new TokenStore(directory.path)
    expect(() => fresh.find(secret)).toThrow(expect.objectContaining({ code: 'MR_TOKEN_FILE', place: { file } }))
    expect(await readFile(file, 'utf8')).toBe(text)
  }
})
