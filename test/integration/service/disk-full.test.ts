import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Health } from '../../../src/api/contract.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from '../faults/cluster-pair.ts'
import { childrenOf, isAlive } from '../faults/process-tree.ts'
import { RemoteService } from './remote-service.ts'

// The disk of the service is full: a small file system of its own, filled by a file beside the service's.

const ANNA = { who: 'anna' }
const MIB = 1024 * 1024
const DISK_MIB = 24
const SECOND = 1000

describeWithBrokers('a service whose disk is full', () => {
  let pair: ClusterPair
  let disk: string
  let service: RemoteService | undefined

  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'mrs-'))
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'millrace-service', disk])
    if (status !== 0) throw new Error(`no file system of its own: ${String(stderr)}`)
    pair = await ClusterPair.start()
  })
  afterEach(async () => {
    const left = service === undefined ? [] : [...service.processes().flatMap(childrenOf), ...service.processes()]
    await service?.kill()
    for (const pid of left.filter(isAlive)) process.kill(pid, 'SIGKILL')
    await pair?.endProcesses()
  })
  afterAll(async () => {
    await pair?.stop()
    spawnSync('umount', [disk])
    await rm(disk, { recursive: true, force: true })
  })

  const yaml = (name: string) =>
    `name: ${name}\nsource: { connection: source }\ntarget: { connection: target }\n` +
    `topics: { include: [${name}] }\ncheckpoint: { interval: 500ms }\n`
  const storage = expect.objectContaining({
    code: 'MR_SERVICE_STORAGE',
    message: expect.stringMatching(/ENOSPC|no space/i) as unknown
  }) as unknown

  it(
    'changes are refused loudly, nothing is torn, the running job copies on, and all is well when there is room',
    async () => {
      const data = join(disk, 'd')
      service = await RemoteService.start(data)
      for (const side of ['source', 'target'] as const) {
        await service.connections.put(side, { bootstrapServers: pair[side].bootstrapServers }, {}, ANNA)
      }
      await pair.createSourceTopic('full', 2)
      const load = await pair.startLoad({ topic: 'full', partitions: 2, rate: 1000, size: 200 })
      await service.jobs.put('full', { config: yaml('full') }, {}, ANNA)
      await service.jobs.submit('full', ANNA)
      await service.jobs.start('full', {}, ANNA)
      await expect.poll(() => pair.copied('full'), { timeout: 60 * SECOND }).toBeGreaterThan(1000)

      const filler = join(disk, 'filler')
      await expect(writeFile(filler, Buffer.alloc(DISK_MIB * MIB))).rejects.toMatchObject({ code: 'ENOSPC' })
      const before = await pair.copied('full')
      await expect(service.connections.put('third', { bootstrapServers: 'b:1' }, {}, ANNA)).rejects.toEqual(storage)
      await expect(service.jobs.put('other', { config: yaml('other') }, {}, ANNA)).rejects.toEqual(storage)
      const changed = { config: `${yaml('full')}workers: 2\n` }
      await expect(service.jobs.put('full', changed, {}, ANNA)).rejects.toEqual(storage)
      expect((await service.connections.list()).map(({ name }) => name)).toEqual(['source', 'target'])
      expect((await service.jobs.list({})).items.map(({ name }) => name)).toEqual(['full'])
      expect(await service.jobs.get('full')).toMatchObject({ state: 'RUNNING', revision: 1 })
      await expect.poll(() => pair.copied('full'), { timeout: 30 * SECOND }).toBeGreaterThan(before + 3000)
      // Lines that fit into the last page of a file are still written; then health says what can't be done.
      const refusedAgain = async () => {
        await expect(service?.jobs.put('other', { config: yaml('other') }, {}, ANNA)).rejects.toEqual(storage)
        return await health(service)
      }
      await expect.poll(refusedAgain, { timeout: 30 * SECOND, interval: 50 }).toBe('degraded')

      // Killed and started again with no room: what was known is known, and the job goes on.
      await service.kill()
      service = await RemoteService.start(data)
      expect((await service.jobs.list({})).items.map(({ name }) => name)).toEqual(['full'])
      const second = await pair.copied('full')
      await expect.poll(() => pair.copied('full'), { timeout: 60 * SECOND }).toBeGreaterThan(second + 1000)

      await unlink(filler)
      await service.jobs.put('full', changed, {}, ANNA)
      expect(await service.jobs.get('full')).toMatchObject({ revision: 2 })
      await expect.poll(() => health(service), { timeout: 60 * SECOND, interval: 500 }).toBe('ok')
      await load.stop()
      await pair.allCommitted('full', 'full')
      await service.close()
      expect(await pair.compare(['full'], { group: 'full' })).toMatchObject(NOTHING_LOST)
      for (const name of await readdir(join(data, 'connections'))) {
        expect(await readFile(join(data, 'connections', name), 'utf8'), name).toMatch(/# complete\n$/)
      }
      expect(await readFile(join(data, 'jobs/full/job.yaml'), 'utf8')).toMatch(/# complete\n$/)
    },
    6 * 60 * SECOND
  )
})

async function health(service: RemoteService | undefined): Promise<Health['status'] | undefined> {
  return (await service?.service.health())?.status
}
