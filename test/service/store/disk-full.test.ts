import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANNA, ANY, jobYaml, ServiceGround } from '../service-ground.ts'

const KIB = 1024
const isRoot = process.getuid?.() === 0

describe.runIf(isRoot)('a data directory on a disk that is full', () => {
  let disk: string

  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'mrs-disk-'))
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'millrace-disk', disk])
    if (status !== 0) throw new Error(`no file system of its own: ${String(stderr)}`)
  })
  afterAll(async () => {
    spawnSync('umount', [disk])
    await rm(disk, { recursive: true, force: true })
  })

  it('refuses changes and keeps what was there; jobs go on, and health says so until there is room', async () => {
    const ground = await ServiceGround.on(disk)
    const service = await ground.withJob('one')
    await service.jobs.start('one', {}, ANNA)
    ground.processes.last.shows('RUNNING')
    await expect.poll(async () => (await service.jobs.get('one')).state).toBe('RUNNING')
    const filler = join(disk, 'filler')
    await expect(writeFile(filler, Buffer.alloc(512 * KIB))).rejects.toMatchObject({ code: 'ENOSPC' })

    const full = expect.objectContaining({ code: 'MR_SERVICE_STORAGE' }) as unknown
    const password = { set: 'x'.repeat(100) }
    const security = { protocol: 'SASL_SSL', mechanism: 'PLAIN', username: 'u', password } as const
    await expect(service.jobs.put('two', { config: jobYaml('two') }, ANY, ANNA)).rejects.toEqual(full)
    await expect(service.jobs.put('one', { config: jobYaml('one', 'workers: 2\n') }, ANY, ANNA)).rejects.toEqual(full)
    await expect(service.jobs.stop('one', {}, ANNA)).rejects.toEqual(full)
    await expect(service.connections.put('kafka-a', { bootstrapServers: 'c:1', security }, ANY, ANNA)).rejects.toEqual(
      full
    )
    expect(await service.jobs.get('one')).toMatchObject({ state: 'RUNNING', revision: 1, config: jobYaml('one') })
    expect(await service.connections.get('kafka-a')).toMatchObject({ revision: 1, bootstrapServers: 'a:9092' })
    expect((await service.jobs.list({})).total).toBe(1)

    // What happens all the same is known, and written when it can be.
    ground.processes.last.shows('RUNNING', [{}, { state: 'stopped' }])
    await expect.poll(async () => (await service.jobs.get('one')).state).toBe('DEGRADED')
    await expect.poll(() => service.health().reasons).toEqual([full])
    await unlink(filler)
    await expect.poll(() => service.health().status, { timeout: 15_000, interval: 250 }).toBe('ok')
    await service.jobs.stop('one', {}, ANNA)
    await ground.stop()
    expect(await (await ground.start()).jobs.get('one')).toMatchObject({ state: 'STOPPED', revision: 1 })
    await ground.stop()
  }, 30_000)
})
