import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionInput } from '../../../src/api/contract.ts'
import { ANNA, ANY, jobYaml, ServiceGround } from '../service-ground.ts'

const code = (wanted: string) => expect.objectContaining({ code: wanted }) as unknown
const withPassword = (password: object, more: object = {}): ConnectionInput => ({
  bootstrapServers: 'a:9092',
  security: { protocol: 'SASL_SSL', mechanism: 'PLAIN', username: 'mirror', password: password as { keep: true } },
  ...more
})

describe('a connection', () => {
  let ground: ServiceGround
  beforeEach(async () => {
    ground = await ServiceGround.make()
    await ground.start()
  })
  afterEach(async () => await ground.end())

  const put = async (input: ConnectionInput, on = ANY) => await ground.service.connections.put('a', input, on, ANNA)
  const secretFiles = async () =>
    (await readdir(join(ground.directory, 'secrets'))).filter((name) => name.startsWith('connection-'))
  const everything = async () => {
    const entries = await readdir(ground.directory, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.endsWith('secrets'))
    return (
      await Promise.all(files.map(async (file) => await readFile(join(file.parentPath, file.name), 'utf8')))
    ).join()
  }

  it('keeps its secret in a file of its own and gives out a fingerprint, which tells equal secrets and nothing else', async () => {
    const first = await put(withPassword({ set: 'hunter2' }))
    expect(first.security.password).toMatchObject({
      fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) as unknown,
      reference: null
    })
    expect(JSON.stringify(first)).not.toContain('hunter2')
    expect(await everything()).not.toContain('hunter2')
    expect(JSON.stringify(ground.records.audits)).not.toContain('hunter2')
    const again = await put(withPassword({ set: 'hunter2' }))
    expect(again.security.password?.fingerprint).toBe(first.security.password?.fingerprint)
    const other = await put(withPassword({ set: 'hunter3' }))
    expect(other.security.password?.fingerprint).not.toBe(first.security.password?.fingerprint)
    expect(await secretFiles()).toHaveLength(1)
  })

  it('sends no stored secret to another address or by another protocol', async () => {
    await put(withPassword({ set: 'x' }))
    const elsewhere = withPassword({ keep: true }, { bootstrapServers: 'elsewhere:9092' })
    const inTheClear = withPassword({ keep: true })
    const weaker = { ...inTheClear, security: { ...inTheClear.security, protocol: 'SASL_PLAINTEXT' as const } }
    for (const input of [elsewhere, weaker]) {
      await expect(put(input)).rejects.toEqual(code('MR_SERVICE_REQUEST'))
      await expect(ground.service.connections.test({ name: 'a', input }, ANNA)).rejects.toEqual(
        code('MR_SERVICE_REQUEST')
      )
    }
    expect(await put(withPassword({ set: 'x' }, { bootstrapServers: 'elsewhere:9092' }))).toMatchObject({ revision: 2 })
  })

  it('keeps a secret that is to be kept, and a reference as it is; without one there is nothing to keep', async () => {
    await expect(put(withPassword({ keep: true }))).rejects.toEqual(code('MR_SERVICE_REQUEST'))
    const first = await put(withPassword({ set: 'x' }))
    const kept = await put(withPassword({ keep: true }, { note: 'moved' }))
    expect(kept).toMatchObject({ revision: 2, note: 'moved', security: { password: first.security.password } })
    expect(await put(withPassword({ keep: true }, { note: 'moved' }))).toMatchObject({ revision: 2 })
    const referred = await put(withPassword({ reference: '${env:PASSWORD}' }))
    expect(referred.security.password).toMatchObject({ fingerprint: null, reference: '${env:PASSWORD}' })
    expect(await secretFiles()).toEqual([])
    await expect(put(withPassword({ reference: 'hunter2' }))).rejects.toEqual(code('MR_SERVICE_REQUEST'))
  })

  it('is in a job what it stands for, its secret a reference to the file', async () => {
    await put(withPassword({ set: 'x' }, { properties: { 'socket.keepalive.enable': true } }))
    await ground.connect()
    const config = jobYaml('one').replace('kafka-a', 'a')
    await ground.service.jobs.put('one', { config }, ANY, ANNA)
    await ground.service.jobs.submit('one', ANNA)
    await ground.service.jobs.start('one', {}, ANNA)
    const { source } = ground.processes.last.start.config
    const [file = ''] = await secretFiles()
    expect(source).toMatchObject({
      connection: 'a',
      security: { username: 'mirror', password: `\${file:${join(ground.directory, 'secrets', file)}}` },
      properties: { 'socket.keepalive.enable': true }
    })
    expect(await readFile(join(ground.directory, 'secrets', file), 'utf8')).toBe('x\n')
  })

  it('can’t be deleted while a job names it; then its secret goes, too', async () => {
    await put(withPassword({ set: 'x' }))
    await ground.service.jobs.put('one', { config: jobYaml('one').replace('kafka-a', 'a') }, ANY, ANNA)
    expect((await ground.service.connections.get('a')).usedBy).toEqual([{ job: 'one', side: 'source', running: false }])
    await expect(ground.service.connections.delete('a', ANY, ANNA)).rejects.toMatchObject({
      code: 'MR_SERVICE_CONFLICT',
      message: 'Connection a is used by job one.'
    })
    await ground.service.jobs.delete('one', ANY, ANNA)
    await expect(ground.service.connections.delete('a', { ifRevision: 7 }, ANNA)).rejects.toEqual(
      code('MR_SERVICE_CONFLICT')
    )
    await ground.service.connections.delete('a', { ifRevision: 1 }, ANNA)
    await expect(ground.service.connections.get('a')).rejects.toEqual(code('MR_SERVICE_NOT_FOUND'))
    expect(await secretFiles()).toEqual([])
  })

  it('is checked as a whole, each mistake with a pointer to it', async () => {
    const wrong: ConnectionInput = {
      bootstrapServers: 'http://a',
      security: { protocol: 'SASL_SSL' },
      properties: { 'enable.idempotence': false, 'a/b': 1 }
    }
    await expect(put(wrong)).rejects.toMatchObject({
      code: 'MR_CONFIG_INVALID',
      problems: expect.arrayContaining([
        expect.objectContaining({ where: '/bootstrapServers', option: 'bootstrapServers' }),
        expect.objectContaining({ where: '/security/mechanism' }),
        expect.objectContaining({ where: '/properties/a~1b' })
      ]) as unknown
    })
    for (const odd of [null, 7, {}, { bootstrapServers: 'a:1', other: 1 }, { bootstrapServers: 'a:1', security: {} }]) {
      await expect(put(odd as unknown as ConnectionInput)).rejects.toEqual(code('MR_SERVICE_REQUEST'))
    }
    await expect(ground.service.connections.put('../a', { bootstrapServers: 'a:1' }, ANY, ANNA)).rejects.toEqual(
      code('MR_SERVICE_REQUEST')
    )
  })

  it('is tested before it is stored, with the secret that was typed or the one that is kept', async () => {
    const { connections } = ground.service
    expect(await connections.test({ input: withPassword({ set: 'typed' }) }, ANNA)).toMatchObject({ ok: true })
    expect(ground.clusters.asked.at(-1)).toMatchObject({ what: 'test', literal: { password: 'typed' } })
    await put(withPassword({ set: 'stored' }))
    await connections.test({ name: 'a', input: withPassword({ keep: true }) }, ANNA)
    expect(ground.clusters.asked.at(-1)?.cluster?.security.password).toMatch(/^\$\{file:.*connection-a@/)
    expect((await connections.get('a')).lastTest).toBeNull()
    await connections.test({ name: 'a' }, ANNA)
    expect((await connections.get('a')).lastTest).toMatchObject({ ok: true })
    await expect(ground.service.connections.test({}, ANNA)).rejects.toEqual(code('MR_SERVICE_REQUEST'))
  })

  it('says when its certificate ends', async () => {
    const [cert, key] = ['cert.pem', 'key.pem'].map((file) => join(ground.directory, file))
    const days = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '10', '-subj', '/CN=mirror']
    execFileSync('openssl', [...days, '-out', cert ?? '', '-keyout', key ?? ''], { stdio: 'ignore' })
    const security = { protocol: 'SSL', certificateFile: cert ?? '', keyFile: key ?? '' } as const
    const { certificateExpiresAt } = await put({ bootstrapServers: 'a:1', security })
    const inDays = ((certificateExpiresAt ?? 0) - Date.now()) / 86_400_000
    expect(inDays).toBeGreaterThan(9.9)
    expect(inDays).toBeLessThan(10.1)
  })

  it('lists topics page by page, found by a part of their names', async () => {
    await ground.connect()
    const { connections } = ground.service
    const first = await connections.topics('kafka-a', { limit: 2 })
    expect(first).toMatchObject({ items: [{ name: 'orders' }, { name: 'payments' }], total: 3 })
    const { nextCursor } = first
    expect(await connections.topics('kafka-a', { limit: 2, cursor: nextCursor ?? '' })).toMatchObject({
      items: [{ name: 'users' }],
      nextCursor: null
    })
    expect((await connections.topics('kafka-a', { search: 'pay' })).items).toHaveLength(1)
    expect(ground.clusters.asked.filter(({ what }) => what === 'topics')).toHaveLength(1)
    await expect(connections.topics('kafka-a', { cursor: 'x' })).rejects.toEqual(code('MR_SERVICE_REQUEST'))
  })
})
