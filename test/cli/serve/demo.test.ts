import { afterAll, beforeAll, expect, it } from 'vitest'
import { AdminDoor } from '../../../src/cli/serve/demo/admin-door.ts'
import { EmbeddedCluster } from '../../../src/client/embedded-cluster.ts'
import { answerCreateTopics, answerDescribeConfigs } from '../../../src/cli/serve/demo/answer-admin.ts'
import { array, int16, int32, int8, string } from '../../../src/cli/serve/demo/kafka-bytes.ts'
import { addOwnRequests, pointCoordinator, pointMetadata } from '../../../src/cli/serve/demo/patch-responses.ts'
import { loadJobConfig } from '../../../src/config/load-job-config.ts'
import { checkJob, planJob } from '../../../src/job/plan-and-check.ts'
import { resolveSecrets } from '../../../src/config/resolve-secrets.ts'

const header = (key: number, version: number): Buffer =>
  Buffer.concat([int16(key), int16(version), int32(77), string('me')])

it('clients stay at the door, and know what it answers itself', () => {
  const versions = Buffer.concat([int32(77), int16(0), int32(1), int16(0), int16(0), int16(10), int32(0)])
  const own = addOwnRequests(versions)
  expect(own.readInt32BE(6)).toBe(3)
  expect(own.subarray(16, 28).toString('hex')).toBe('001300020004002000010001')
  expect(own.subarray(28)).toEqual(int32(0))

  const broker = Buffer.concat([int32(5), string('127.0.0.1'), int32(1111), string(null)])
  const plain = Buffer.concat([int32(77), int32(0), array([broker]), string('id'), int32(0), array([])])
  const pointed = pointMetadata(plain, 8, 2222)
  expect(pointed.toString('hex')).toBe(
    Buffer.concat([
      Buffer.concat([int32(77), int32(0), int32(1), int32(5), string('127.0.0.1'), int32(2222), string(null)]),
      Buffer.concat([string('id'), int32(5), array([])])
    ]).toString('hex')
  )
  const compact = Buffer.concat([
    Buffer.concat([
      int32(77),
      int8(0),
      int32(0),
      int8(2),
      int32(5),
      int8(10),
      Buffer.from('127.0.0.1'),
      int32(1111),
      int8(0),
      int8(0)
    ]),
    Buffer.concat([int8(3), Buffer.from('id'), int32(0), int8(1)])
  ])
  expect(pointMetadata(compact, 12, 2222).includes(int32(2222))).toBe(true)
  expect(pointMetadata(compact, 12, 2222).readInt32BE(compact.length - 5)).toBe(5)

  const coordinator = Buffer.concat([int32(77), int32(0), int16(0), string(null), int32(5), string('h'), int32(1111)])
  expect(pointCoordinator(coordinator, 2, 2222).readInt32BE(coordinator.length - 4)).toBe(2222)
  const none = Buffer.concat([int32(77), int32(0), int16(15), string(null), int32(-1), string(''), int32(-1)])
  expect(pointCoordinator(none, 2, 2222)).toEqual(none)
})

it('a topic with another number of partitions is refused, with the reason', async () => {
  const topic = (name: string, partitions: number): Buffer =>
    Buffer.concat([
      string(name),
      int32(partitions),
      int16(1),
      array([]),
      array([Buffer.concat([string('a'), string('b')])])
    ])
  const request = Buffer.concat([header(19, 4), array([topic('fits', 4), topic('not', 7), topic('there', 4)])])
  const made: string[] = []
  const answer = await answerCreateTopics(request, 4, async (name) => {
    made.push(name)
    return name !== 'there'
  })
  expect(made).toEqual(['fits', 'there'])
  const results = [
    Buffer.concat([string('fits'), int16(0), string(null)]),
    Buffer.concat([string('not'), int16(37), string('every topic of the embedded cluster has 4 partitions')]),
    Buffer.concat([string('there'), int16(36), string(null)])
  ]
  expect(answer).toEqual(Buffer.concat([int32(77), int32(0), array(results)]))
  const torn = request.subarray(0, request.length - 3)
  await expect(answerCreateTopics(torn, 4, async () => true)).rejects.toThrow('shorter')
  expect(() => answerDescribeConfigs(Buffer.concat([header(32, 1), int32(9)]))).toThrow('shorter')
})

let clusters: readonly EmbeddedCluster[] = []
let doors: readonly AdminDoor[] = []
beforeAll(async () => {
  clusters = [await EmbeddedCluster.start(), await EmbeddedCluster.start()]
  await clusters[0]?.createTopic('orders')
  await clusters[0]?.createTopic('payments')
  doors = await Promise.all(clusters.map((cluster) => AdminDoor.open(cluster, [])))
}, 60_000)
afterAll(async () => {
  await Promise.all(doors.map((door) => door.close()))
  await Promise.all(clusters.map((cluster) => cluster.close()))
})

it('a job plans on the clusters of the demo as on any', { timeout: 120_000 }, async () => {
  const cwd = process.cwd()
  const config = loadJobConfig({
    cwd,
    sets: [
      'name=demo-test',
      `source.bootstrapServers=${doors[0]?.address}`,
      `target.bootstrapServers=${doors[1]?.address}`,
      'topics.include=/.*/',
      'topics.targetName=copy.#{source_Topic_name}'
    ]
  })
  const options = {
    resolveSecrets: (side: 'source' | 'target', cluster: typeof config.source) =>
      resolveSecrets(side, cluster, { env: {}, cwd })
  }
  const stages = await checkJob(config, options as never)
  expect(stages.every(({ ok }) => ok)).toBe(true)
  const plan = await planJob(config, { ...options, reset: false } as never)
  expect(plan.refusals).toEqual([])
  expect(plan.topics.map(({ source }) => source).sort()).toEqual(['orders', 'payments'])
})
