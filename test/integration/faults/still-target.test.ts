import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { cpuSeconds } from './process-tree.ts'

// librdkafka's producer polls without sleeping while records wait behind a request on its way: a target that stands
// still cost a whole core (docs/decisions/0010).

const WATCHED_SECONDS = 4
/** A core that spins takes all of it; what is left are statuses, polls and looks. */
const MOST_CORES = 0.35

describeWithBrokers('a target that stands still', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it.each([1, 2, 12])(
    'costs next to no processor time, with %i partitions waiting, and goes on at once',
    async (partitions) => {
      const topic = `still-${partitions}`
      const records = 600_000
      await pair.createSourceTopic(topic, partitions)
      await writeRecords({ ...pair.sourceCluster, topic, partitions, records, size: 1000 })
      const job = await pair.job(topic, { topics: { include: [topic] }, stop: { at: 'end' } })
      const run = job.start()
      await expect.poll(() => pair.copied(topic), { timeout: 30_000, interval: 50 }).toBeGreaterThan(0)
      await pair.target.kill('SIGSTOP')
      await sleep(2000)
      const [worker = 0] = run.workers()
      const before = cpuSeconds(worker)
      await sleep(WATCHED_SECONDS * 1000)
      const cores = (cpuSeconds(worker) - before) / WATCHED_SECONDS
      await pair.target.kill('SIGCONT')
      const end = await run.finished()
      expect(cores).toBeLessThan(MOST_CORES)
      expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records } })
      expect(await pair.compare([topic])).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
    }
  )
})
