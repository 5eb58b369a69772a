import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { storedJob } from '../../../src/service/jobs/job-file.ts'
import { storedConnection } from '../../../src/service/connections/connection-file.ts'
import type { Shape } from '../../../src/service/shape.ts'
import { parseYaml } from '../../../src/service/store/whole-file.ts'
import { ANNA, ANY, jobYaml, ServiceGround } from '../service-ground.ts'

const code = (wanted: string) => expect.objectContaining({ code: wanted }) as unknown

describe('a file that is damaged', () => {
  let ground: ServiceGround
  beforeEach(async () => (ground = await ServiceGround.make()))
  afterEach(async () => await ground.end())

  it('is one after every cut, and after every change of a field', async () => {
    await ground.withJob('one')
    const files: readonly (readonly [string, Shape<object>])[] = [
      ['jobs/one/job.yaml', storedJob],
      ['connections/kafka-a.yaml', storedConnection]
    ]
    for (const [file, shape] of files) {
      const text = await readFile(join(ground.directory, file), 'utf8')
      expect(parseYaml(file, text, shape)).toMatchObject({ revision: 1 })
      fc.assert(
        fc.property(fc.integer({ min: 0, max: text.length - 1 }), (cut) => {
          expect(() => parseYaml(file, text.slice(0, cut), shape)).toThrow(code('MR_SERVICE_TORN'))
        }),
        { numRuns: 300 }
      )
      const lines = text.split('\n')
      const fields = lines.map((line, index) => (/^\w+:/.test(line) ? index : -1)).filter((index) => index >= 0)
      for (const index of fields) {
        const without = lines.filter((_, other) => other !== index).join('\n')
        expect(() => parseYaml(file, without, shape)).toThrow()
      }
    }
  })

  it('is told with its path, is not served, and is not written over; the others are there', async () => {
    const service = await ground.withJob('one')
    await service.jobs.put('two', { config: jobYaml('two') }, ANY, ANNA)
    await ground.stop()
    const path = join(ground.directory, 'jobs/one/job.yaml')
    const torn = (await readFile(path, 'utf8')).slice(0, 100)
    await writeFile(path, torn)
    await writeFile(join(ground.directory, 'connections/kafka-a.yaml'), 'nonsense')
    const again = await ground.start()
    expect(again.health()).toMatchObject({
      status: 'degraded',
      reasons: [
        { code: 'MR_SERVICE_TORN', message: expect.stringContaining('connections/kafka-a.yaml') as unknown },
        { code: 'MR_SERVICE_TORN', message: expect.stringContaining(path) as unknown }
      ]
    })
    await expect(again.jobs.get('one')).rejects.toEqual(code('MR_SERVICE_TORN'))
    await expect(again.jobs.put('one', { config: jobYaml('one') }, ANY, ANNA)).rejects.toEqual(code('MR_SERVICE_TORN'))
    const input = { bootstrapServers: 'x:1' }
    await expect(again.connections.put('kafka-a', input, ANY, ANNA)).rejects.toEqual(code('MR_SERVICE_TORN'))
    expect(await readFile(path, 'utf8')).toBe(torn)
    expect((await again.jobs.list({})).items.map(({ name }) => name)).toEqual(['two'])
  })

  it('a revision that was changed behind the service’s back is damaged, too', async () => {
    await ground.withJob('one')
    await ground.stop()
    await writeFile(join(ground.directory, 'jobs/one/revisions/0001.yaml'), jobYaml('one', 'workers: 9\n'))
    await ground.start()
    await expect(ground.service.jobs.get('one')).rejects.toEqual(code('MR_SERVICE_TORN'))
  })
})

describe('the data directory', () => {
  let ground: ServiceGround
  beforeEach(async () => (ground = await ServiceGround.make()))
  afterEach(async () => await ground.end())

  it('is its user’s alone, and so is every file in it', async () => {
    await chmod(ground.directory, 0o755)
    await ground.withJob('one')
    await ground.service.connections.put('secret', withPassword('x'), ANY, ANNA)
    const modes = await Promise.all(
      (await readdir(ground.directory, { recursive: true, withFileTypes: true })).map(async (entry) => {
        const { mode } = await stat(join(entry.parentPath, entry.name))
        return entry.isDirectory() ? mode & 0o077 : mode & 0o177
      })
    )
    expect(new Set(modes)).toEqual(new Set([0]))
    expect((await stat(ground.directory)).mode & 0o777).toBe(0o700)
  })

  it('what a killed service left half done is gone after the next start', async () => {
    await ground.withJob('one')
    await ground.stop()
    const left = [
      'jobs/.new-abc/job.yaml',
      'jobs/.gone-abc/job.yaml',
      'jobs/one/job.yaml.123456',
      'connections/a.yaml.99'
    ]
    for (const file of [...left, 'secrets/connection-none@0123456789abx']) {
      await mkdir(join(ground.directory, file, '..'), { recursive: true })
      await writeFile(join(ground.directory, file), 'half')
    }
    const service = await ground.start()
    const files = await readdir(ground.directory, { recursive: true })
    expect(files.filter((file) => /abc|\.\d+$|connection-none/.test(file))).toEqual([])
    expect((await service.jobs.list({})).total).toBe(1)
    expect(service.health().status).toBe('ok')
  })
})

const withPassword = (password: string) => ({
  bootstrapServers: 'a:9092',
  security: {
    protocol: 'SASL_SSL' as const,
    mechanism: 'PLAIN' as const,
    username: 'u',
    password: { set: password }
  }
})

describe('kill -9 in the middle of writes', () => {
  it('leaves what was there before or what came after, and whatever was confirmed', { timeout: 120_000 }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mrs-'))
    try {
      let confirmed = 0
      for (let round = 0; round < 4; round++) {
        confirmed = Math.max(confirmed, await writeUntilKilled(directory, 20 + 130 * round))
        const ground = await ServiceGround.on(directory)
        const service = await ground.start()
        expect(service.health()).toMatchObject({ status: 'ok', reasons: [] })
        const { items } = await service.jobs.list({})
        if (confirmed > 0) expect(items).toHaveLength(1)
        for (const { name } of items) {
          const { revision, config } = await service.jobs.get(name)
          expect(revision).toBeGreaterThanOrEqual(confirmed)
          expect(config).toContain(`workers: ${revision}\n`)
          expect((await service.jobs.revisions(name)).length).toBe(revision)
        }
        await ground.stop()
      }
      expect(confirmed).toBeGreaterThan(0)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
})

/** The revision that was confirmed last before the writing process was killed. */
async function writeUntilKilled(directory: string, afterMs: number): Promise<number> {
  const main = fileURLToPath(new URL('write-revisions.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', main, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const gone = once(child, 'exit')
  const until = Date.now() + 30_000
  while (!said.includes('ready') && Date.now() < until) await sleep(5)
  await sleep(afterMs)
  child.kill('SIGKILL')
  await gone
  return Math.max(0, ...[...said.matchAll(/^(\d+)$/gm)].map(([, revision]) => Number(revision)))
}
