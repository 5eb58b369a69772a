import { describe, expect, it } from 'vitest'
import { makeReady } from '../../src/job/make-ready.ts'
import { readBeginning, writeBeginning } from '../../src/job/state/beginning-file.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { FakeCluster } from '../control/fake-cluster.ts'
import { jobWith, NOW, planOf, type JobChanges } from '../control/plan-of.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'

const times = [NOW - 3, NOW - 2, NOW - 1]
const GROUP = 'orders-to-dr'

function ground(directory: TempDir, job: JobChanges = {}) {
  const log: string[] = []
  const source = new FakeCluster('source').topic('orders', [{ times }, { logStart: 4, times }])
  const target = new FakeCluster('target')
  const stateDir = directory.path
  const ready = async () => {
    const plan = await planOf(source, target, jobWith(job))
    await makeReady({
      config: { stateDir, source: { groupId: GROUP } as never },
      plan,
      clusters: { source, target },
      state: { markRun: async (group) => void log.push(`run of ${group}`) },
      onEvent: (event) => log.push(event.type)
    })
  }
  return { log, source, target, stateDir, ready }
}

describe('makeReady', () => {
  it('commits no start before the topics are there, and remembers the run last', async () => {
    await using directory = await tempDir()
    const { log, source, target, stateDir, ready } = ground(directory)
    const commit = source.commitOffsets.bind(source)
    source.commitOffsets = async (...given) => {
      log.push(`commit with ${[...target.topics.keys()].join()}`)
      await commit(...given)
    }
    await ready()
    expect(log).toEqual(['topic-created', 'commit with orders', `run of ${GROUP}`])
    expect(await readBeginning(stateDir, GROUP)).toMatchObject({ source: { 'orders-0': 0, 'orders-1': 4 }, target: {} })
  })

  it('commits nothing and remembers nothing when a topic can not be created', async () => {
    await using directory = await tempDir()
    const { log, source, target, ready } = ground(directory)
    target.createTopics = async () => {
      throw new MillraceError({ code: 'MR_ADMIN_FAILED', kind: 'authorisation', message: 'not allowed' })
    }
    await expect(ready()).rejects.toMatchObject({ code: 'MR_ADMIN_FAILED' })
    expect(source.changes).toEqual([])
    expect(log).toEqual([])
  })

  it('keeps what a target had before, and leaves the beginning of a copy that goes on', async () => {
    await using directory = await tempDir()
    const { source, target, stateDir, ready } = ground(directory)
    target.topic('orders', [{ end: 9 }, { end: 2 }])
    await ready()
    expect(await readBeginning(stateDir, GROUP)).toMatchObject({ target: { 'orders-0': 9, 'orders-1': 2 } })

    const kept = { source: { 'orders-0': 1 }, target: { 'orders-0': 1 } }
    await writeBeginning(stateDir, GROUP, kept)
    source.commit('orders', 0, 2).commit('orders', 1, 5)
    await ready()
    expect(await readBeginning(stateDir, GROUP)).toEqual(kept)
  })

  it('tells of a dead-letter topic that it made, too', async () => {
    await using directory = await tempDir()
    const { log, target, ready } = ground(directory, { onBadRecord: 'dead-letter', deadLetter: { topic: 'bad' } })
    await ready()
    expect(log.filter((told) => told === 'topic-created')).toHaveLength(2)
    expect([...target.topics.keys()]).toEqual(['orders', 'bad'])
  })
})
