import { expect, it } from 'vitest'
import type { ClusterAdmin } from '../../src/client/types.ts'
import { partitionName } from '../../src/model/topic-partition.ts'
import { describeContract } from './describe-contract.ts'
import { answerRebalances, nothingSeen, pollUntil } from './poll-until.ts'

describeContract('ClusterAdmin', ({ implementation, cluster, name }) => {
  const { isFullBroker } = implementation

  async function withAdmin<T>(use: (admin: ClusterAdmin) => Promise<T>, group?: string): Promise<T> {
    const admin = await cluster().admin(group)
    try {
      return await use(admin)
    } finally {
      await admin.close()
    }
  }

  const newTopic = (topic: string, partitions: number, configs = {}): Parameters<ClusterAdmin['createTopics']>[0] => [
    { topic, partitions, replicationFactor: -1, configs }
  ]

  it('describes the cluster', async () => {
    await withAdmin(async (admin) => {
      const { clusterId, brokers } = await admin.describeCluster()
      expect(clusterId).not.toBe('')
      expect(brokers.length).toBeGreaterThan(0)
    })
  })

  it('lists and describes topics; one that is not there is said to be missing', async () => {
    const topic = name('topic')
    await cluster().createTopic(topic, 4)
    await withAdmin(async (admin) => {
      expect((await admin.listTopics()).get(topic)).toBe(4)
      const missing = name('missing')
      const lookups = await admin.describeTopics([topic, missing])
      expect(lookups.get(topic)).toMatchObject({ found: true, description: { topic, internal: false } })
      const lookup = lookups.get(topic)
      expect(lookup?.found === true ? lookup.description.partitions : []).toHaveLength(4)
      if (isFullBroker) expect(lookups.get(missing)).toMatchObject({ found: false, reason: 'missing' })
    })
  })

  it.runIf(isFullBroker)('creates topics, with their configuration, and once only', async () => {
    const topic = name('created')
    await withAdmin(async (admin) => {
      await admin.createTopics(newTopic(topic, 3, { 'retention.ms': '1234567' }))
      await admin.createTopics(newTopic(topic, 9))
      expect((await admin.listTopics()).get(topic)).toBe(3)
      const configs = (await admin.describeTopicConfigs([topic])).get(topic)
      expect(configs?.get('retention.ms')).toEqual({ value: '1234567', isDefault: false, isTopicOverride: true })
      await expect(admin.describeTopicConfigs([name('missing')])).rejects.toMatchObject({ code: 'MR_ADMIN_FAILED' })
    })
  })

  it.runIf(isFullBroker)('tells whether a new topic is its own, and leaves one that is not as it is', async () => {
    const topic = name('own')
    await withAdmin(async (admin) => {
      const asked = { topic, partitions: 3, replicationFactor: -1, configs: {} }
      expect(await admin.createNewTopic(asked)).toBe('created')
      expect(await admin.createNewTopic({ ...asked, partitions: 5, configs: { 'retention.ms': '1' } })).toBe('exists')
      // Waits until the topic can be seen everywhere.
      await admin.createTopics([asked])
      expect((await admin.listTopics()).get(topic)).toBe(3)
      const retention = (await admin.describeTopicConfigs([topic])).get(topic)?.get('retention.ms')
      expect(retention?.isTopicOverride ?? false).toBe(false)
    })
  })

  it.runIf(isFullBroker)('deletes topics; one that is not there is no error, and the others stay', async () => {
    const [topic, other] = [name('deleted'), name('kept')]
    await withAdmin(async (admin) => {
      await admin.createTopics([...newTopic(topic, 2), ...newTopic(other, 1)])
      await admin.deleteTopics([])
      await admin.deleteTopics([topic, name('missing')])
      const topics = await admin.listTopics()
      expect([topics.has(topic), topics.has(other)]).toEqual([false, true])
      expect(await admin.createNewTopic({ topic, partitions: 1, replicationFactor: -1, configs: {} })).toBe('created')
    })
  })

  it.runIf(isFullBroker)('deletes a group that nobody uses, and only such', async () => {
    const topic = name('group-deletion')
    const group = name('deleted-group')
    await cluster().createTopic(topic, 1)
    await withAdmin(async (admin) => {
      const at = { topic, partition: 0 }
      await admin.deleteGroup(group)
      await admin.commitOffsets(group, [{ ...at, offset: 7 }])
      const member = await cluster().consumer(group)
      const { assigned } = answerRebalances(member)
      member.subscribe([topic])
      await pollUntil(member, nothingSeen(), () => assigned.size > 0)
      await expect(admin.deleteGroup(group)).rejects.toMatchObject({ code: 'MR_GROUP_IN_USE' })
      await member.close()
      await admin.deleteGroup(group)
      expect(await admin.committedOffsets(group, [at])).toEqual(new Map())
    }, group)
  })

  it.runIf(isFullBroker)('grows a topic; to what it has already is no error, to less is one', async () => {
    const topic = name('grown')
    await withAdmin(async (admin) => {
      await admin.createTopics(newTopic(topic, 2))
      await admin.createPartitions(topic, 5)
      await admin.createPartitions(topic, 5)
      expect((await admin.listTopics()).get(topic)).toBe(5)
      await expect(admin.createPartitions(topic, 3)).rejects.toMatchObject({ code: 'MR_ADMIN_FAILED' })
    })
  })

  it('a topic has an id where the cluster gives ids', async () => {
    const topic = name('identified')
    await cluster().createTopic(topic, 1)
    await withAdmin(async (admin) => {
      const lookup = (await admin.describeTopics([topic])).get(topic)
      const topicId = lookup?.found === true ? lookup.description.topicId : undefined
      if (isFullBroker) expect(topicId).toMatch(/.{6,}/)
      else expect(topicId === undefined || topicId.length > 0).toBe(true)
    })
  })

  it('lists the first and the next offset', async () => {
    const topic = name('offsets')
    await cluster().createTopic(topic, 2)
    await cluster().append(topic, 1, ['a', 'b', 'c'])
    await withAdmin(async (admin) => {
      const partitions = [0, 1].map((partition) => ({ topic, partition }))
      expect([...(await admin.listOffsets(partitions, 'earliest')).values()]).toEqual([0, 0])
      expect([...(await admin.listOffsets(partitions, 'latest'))]).toEqual([
        [`${topic}-0`, 0],
        [`${topic}-1`, 3]
      ])
      expect(await admin.listOffsets(partitions, 'highWatermark')).toEqual(
        await admin.listOffsets(partitions, 'latest')
      )
      expect(await admin.listOffsets([], 'latest')).toEqual(new Map())
    })
  })

  it.runIf(isFullBroker)('finds offsets by time; none after the last record', async () => {
    const topic = name('times')
    await cluster().createTopic(topic, 1)
    await cluster().append(topic, 0, ['a', 'b'])
    await withAdmin(async (admin) => {
      const at = { topic, partition: 0 }
      expect((await admin.listOffsets([at], 1)).get(partitionName(at))).toBe(0)
      expect((await admin.listOffsets([at], 9_000_000_000_000)).get(partitionName(at))).toBeUndefined()
    })
  })

  it.runIf(isFullBroker)('sets the offsets of a group that nobody uses, and only of such', async () => {
    const topic = name('group-offsets')
    const group = name('group')
    await cluster().createTopic(topic, 2)
    await withAdmin(async (admin) => {
      await admin.commitOffsets(group, [{ topic, partition: 1, offset: 42, metadata: 'why' }])
      const asked = [0, 1].map((partition) => ({ topic, partition }))
      const committed = await admin.committedOffsets(group, asked)
      expect([...committed.keys()]).toEqual([`${topic}-1`])
      expect(committed.get(`${topic}-1`)).toMatchObject({ offset: 42, metadata: 'why' })

      const member = await cluster().consumer(group)
      const { assigned } = answerRebalances(member)
      member.subscribe([topic])
      await pollUntil(member, nothingSeen(), () => assigned.size > 0)
      await expect(admin.commitOffsets(group, [{ topic, partition: 1, offset: 1 }])).rejects.toMatchObject({
        code: 'MR_GROUP_IN_USE'
      })
      await member.close()
    }, group)
  })

  it.runIf(isFullBroker)('shows the defaults of a broker', async () => {
    await withAdmin(async (admin) => {
      const [broker] = (await admin.describeCluster()).brokers
      const configs = await admin.describeBrokerConfigs(broker?.id ?? 0)
      for (const entry of configs.values()) expect(entry.isTopicOverride).toBe(false)
      if (implementation.name !== 'in memory') expect(configs.get('log.retention.hours')?.value).toBeTypeOf('string')
    })
  })

  it('waits for what runs when it is closed, and answers nothing afterwards', async () => {
    const admin = await cluster().admin()
    const last = Promise.allSettled([admin.listTopics()])
    await admin.close()
    await admin.close()
    await last
    await expect(admin.listTopics()).rejects.toMatchObject({ code: 'MR_CLIENT_CLOSED' })
    await expect(admin.describeTopics(['a'])).rejects.toMatchObject({ code: 'MR_CLIENT_CLOSED' })
  })

  it.runIf(implementation.name !== 'in memory')('asks no coordinator for another group than its own', async () => {
    await withAdmin(async (admin) => {
      const at = { topic: 't', partition: 0 }
      await expect(admin.committedOffsets('other', [at])).rejects.toMatchObject({ code: 'MR_ADMIN_GROUP' })
      await expect(admin.commitOffsets('other', [{ ...at, offset: 1 }])).rejects.toMatchObject({
        code: 'MR_ADMIN_GROUP'
      })
      await expect(admin.deleteGroup('other')).rejects.toMatchObject({ code: 'MR_ADMIN_GROUP' })
    }, 'own')
  })

  it('refuses arguments that would end the process', async () => {
    await withAdmin(async (admin) => {
      const refused = { code: 'MR_INVALID_ARGUMENT' }
      await expect(admin.describeTopics([''])).rejects.toMatchObject(refused)
      await expect(admin.deleteTopics([''])).rejects.toMatchObject(refused)
      await expect(admin.deleteTopics(['^a'])).rejects.toMatchObject(refused)
      const nameless = { topic: '', partitions: 1, replicationFactor: 1, configs: {} }
      await expect(admin.createNewTopic(nameless)).rejects.toMatchObject(refused)
      await expect(admin.listOffsets([{ topic: 'a', partition: -1 }], 'latest')).rejects.toMatchObject(refused)
      await expect(admin.commitOffsets('g', [{ topic: '', partition: 0, offset: 0 }])).rejects.toMatchObject(refused)
    })
  })
})
