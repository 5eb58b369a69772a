import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { ClusterProcess, type ClusterProcessOptions } from '../../../src/service/process/cluster-process.ts'

const main = fileURLToPath(new URL('odd-clusters.mjs', import.meta.url))
const cluster = (bootstrapServers: string) => ({
  bootstrapServers,
  security: { protocol: 'PLAINTEXT' as const, verifyHostname: true },
  properties: {}
})
const failure = (message: RegExp) =>
  ({ code: 'MR_SERVICE_CLUSTERS', message: expect.stringMatching(message) as unknown }) as const

describe('the process that asks clusters', () => {
  const made: ClusterProcess[] = []
  const make = (options: ClusterProcessOptions = {}): ClusterProcess => {
    const clusters = new ClusterProcess({ main, ...options })
    made.push(clusters)
    return clusters
  }
  afterEach(async () => {
    for (const clusters of made.splice(0)) await clusters.close()
  })
  /** `odd-clusters.mjs` answers with a topic whose name is its process id. */
  const pidOf = async (clusters: ClusterProcess) => Number((await clusters.topics(cluster('answer')))[0]?.name)

  it('is made when it is needed, and answers many at once', async () => {
    const clusters = make()
    const pids = await Promise.all([pidOf(clusters), pidOf(clusters), pidOf(clusters)])
    expect(new Set(pids).size).toBe(1)
  })

  it('that crashes costs what was asked then, says why, and the next question has another', async () => {
    const clusters = make()
    const before = await pidOf(clusters)
    const asked = [clusters.topics(cluster('crash')), clusters.topics(cluster('silent'))]
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: failure(/ended: SIGSEGV|ended: .*out of luck/) })
    }
    expect(await pidOf(clusters)).not.toBe(before)
  })

  it('that answers nonsense is ended', async () => {
    await expect(make().topics(cluster('nonsense'))).rejects.toMatchObject(failure(/can not be understood/))
  })

  it('that is silent is asked nothing more, while what it owes still comes', async () => {
    const clusters = make({ deadlinesMs: { topics: 1500 } })
    const before = await pidOf(clusters)
    const silent = clusters.topics(cluster('silent'))
    await sleep(1000)
    const slow = clusters.topics(cluster('slow'))
    await expect(silent).rejects.toMatchObject(failure(/did not answer within 1.5 s/))
    expect(await pidOf(clusters)).not.toBe(before)
    expect((await slow)[0]?.name).toBe(String(before))
  })

  it('that nobody asks ends', async () => {
    const clusters = make({ idleMs: 50 })
    const pid = await pidOf(clusters)
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false)
    expect(await pidOf(clusters)).not.toBe(pid)
  })

  it('passes on what the clusters said', async () => {
    await expect(make().topics(cluster('refuse'))).rejects.toMatchObject({ code: 'MR_TCP_FAILED', kind: 'retry' })
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
