import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { watchMemory } from './process-tree.ts'

// The fault P6: a limit of memory is kept when records are large and the target is slow.

const MIB = 1024 * 1024
const LIMIT_MIB = 256
const PULSE_MS = 1500

describeWithBrokers('a limit of memory', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start({ source: { heapMb: 768 }, target: { heapMb: 768 } })
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it.each([
    ['10 kB', 10_000, 40_000],
    ['900 kB', 900_000, 400]
  ])('is kept with records of %s and a target that stumbles', async (_, size, records) => {
    const topic = `memory-${size}`
    await pair.createSourceTopic(topic, 8)
    await writeRecords({ ...pair.sourceCluster, topic, partitions: 8, records, size })
    const job = await pair.job(topic, {
      topics: { include: [topic] },
      limits: { memory: `${LIMIT_MIB}MiB` },
      stop: { at: 'end' }
    })
    const run = job.start()
    const memory = watchMemory(run.pid, 50)
    await run.printed(/Worker 0 was given/)
    for (let pulse = 0; pulse < 5; pulse++) {
      await pair.target.kill('SIGSTOP')
      await sleep(PULSE_MS)
      await pair.target.kill('SIGCONT')
      await sleep(PULSE_MS / 3)
    }
    const end = await run.finished()
    memory.stop()
    expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records } })
    const peakMib = Math.max(...memory.samples) / MIB
    expect(peakMib).toBeGreaterThan(50)
    expect(peakMib).toBeLessThan(LIMIT_MIB)
    expect(await pair.compare([topic])).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })
})
