import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAdmin } from '../../src/client/create-clients.ts'
import { describeWithBrokers } from '../helpers/describe-with-brokers.ts'
import { startKafka, type KafkaBroker } from '../kafka/start-kafka.ts'
import { clusterSettings } from './librdkafka-cluster.ts'

/** Neighbours in Java's hashes: one for each of the four partitions of `__consumer_offsets`, two of them on either broker. */
const GROUPS = ['g0', 'g1', 'g2', 'g3']
const PARTITION = { topic: 't', partition: 0 }
const ANSWERED_MS = 15_000

describeWithBrokers('the offsets of groups', () => {
  let first: KafkaBroker
  let second: KafkaBroker

  beforeAll(async () => {
    first = await startKafka({ version: '3.9.1' })
    second = await startKafka({ version: '3.9.1', joins: first })
  })
  afterAll(async () => {
    await second?.stop()
    await first?.stop()
  })

  it('are read and set again when their coordinator is back, although librdkafka remembers the one that went', async () => {
    const settings = clusterSettings(first.bootstrapServers)
    const admins = await Promise.all(GROUPS.map(async (groupId) => await createAdmin({ ...settings, groupId })))
    await admins[0]?.createTopics([{ topic: 't', partitions: 1, replicationFactor: 2, configs: {} }])
    const all = async (ask: (admin: (typeof admins)[number], group: string) => Promise<unknown>) =>
      await Promise.all(admins.map(async (admin, index) => await ask(admin, GROUPS[index] ?? '')))
    const committed = async (offset: number) =>
      await all(async (admin, group) => {
        const answers = await admin.committedOffsets(group, [PARTITION])
        expect(answers.get('t-0'), group).toMatchObject({ offset })
      })
    const commit = async (offset: number) =>
      await all(async (admin, group) => await admin.commitOffsets(group, [{ ...PARTITION, offset }]))
    // A broker learns of a new topic a little later.
    await expect.poll(async () => await commit(3).then(() => true), { timeout: ANSWERED_MS }).toBe(true)
    await committed(3)

    await second.kill('SIGTERM')
    // So they learn that it is gone.
    for (const until = Date.now() + 3_000; Date.now() < until; await sleep(100)) {
      await all(async (admin) => await admin.listTopics())
    }
    await second.restart()
    // So they learn that it is back, and have a connection to it.
    for (const until = Date.now() + 3_000; Date.now() < until; await sleep(100)) {
      await all(async (admin) => await admin.listTopics())
    }
    const began = performance.now()
    await committed(3)
    await commit(4)
    await committed(4)
    expect(performance.now() - began).toBeLessThan(ANSWERED_MS)
    await all(async (admin) => await admin.close())
  })
})
