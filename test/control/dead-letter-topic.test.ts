import { describe, expect, it } from 'vitest'
import { createDeadLetterTopic } from '../../src/control/dead-letter-topic.ts'
import { FakeCluster } from './fake-cluster.ts'
import { codes, jobWith, planOf } from './plan-of.ts'

const deadLetter = { topic: 'dead' }

describe('the topic for dead letters', () => {
  it('is not planned where no dead letter is written to it', async () => {
    const source = new FakeCluster('source').topic('orders')
    const target = new FakeCluster('target')
    for (const job of [
      jobWith(),
      jobWith({ onBadRecord: 'skip', deadLetter }),
      jobWith({ onBadRecord: 'dead-letter', deadLetter: { file: '/dead' } })
    ]) {
      expect((await planOf(source, target, job)).deadLetter).toBeUndefined()
    }
  })

  it('is created so that it takes and keeps what the sources may have', async () => {
    const source = new FakeCluster('source').topic('orders', [{}], { 'max.message.bytes': '5000000' })
    const target = new FakeCluster('target')
    const job = jobWith({ topics: { settings: { orders: { onBadRecord: 'dead-letter' } } }, deadLetter })
    const plan = await planOf(source, target, job)
    expect(plan.deadLetter).toMatchObject({ topic: 'dead', action: 'create' })
    expect(plan.deadLetter?.configs).toMatchObject({
      'max.message.bytes': '5004096',
      'retention.ms': '-1',
      'message.timestamp.type': 'CreateTime'
    })
    if (plan.deadLetter === undefined) throw new Error('no plan')
    expect(await createDeadLetterTopic(target, plan.deadLetter)).toBe(true)
    expect(target.changes).toEqual(['create dead 1'])
    expect((await planOf(source, target, job)).deadLetter).toMatchObject({ action: 'none' })
  })

  it('that is there and would refuse some is told', async () => {
    const source = new FakeCluster('source').topic('orders', [{}], { 'max.message.bytes': '5000000' })
    const target = new FakeCluster('target').topic('dead').topic('orders', [{}], { 'max.message.bytes': '5000000' })
    const plan = await planOf(source, target, jobWith({ onBadRecord: 'dead-letter', deadLetter }))
    expect(codes(plan.warnings)).toContain('MR_DEAD_LETTER_LIMITS')
    expect(plan.refusals).toEqual([])
  })

  it('that is there and refuses times ahead of its clock is told, too: the default since Kafka 4', async () => {
    const source = new FakeCluster('source').topic('orders')
    const target = new FakeCluster('target', '4.1').topic('dead')
    const plan = await planOf(source, target, jobWith({ onBadRecord: 'dead-letter', deadLetter }))
    const warning = plan.warnings.find(({ code }) => code === 'MR_DEAD_LETTER_LIMITS')
    expect(warning?.message).toContain('refuses timestamps ahead of its clock')
  })

  it('can not be one that is copied to', async () => {
    const source = new FakeCluster('source').topic('orders')
    const target = new FakeCluster('target').topic('orders')
    const plan = await planOf(source, target, jobWith({ onBadRecord: 'dead-letter', deadLetter: { topic: 'orders' } }))
    expect(codes(plan.refusals)).toContain('MR_DEAD_LETTER_TOPIC')
  })
})

describe('a target that would reject records', () => {
  it('is refused where they would stop the copy, and told where somebody said what becomes of them', async () => {
    const source = new FakeCluster('source').topic('orders', [{}], { 'max.message.bytes': '5000000' })
    const target = new FakeCluster('target').topic('orders')
    expect(codes((await planOf(source, target, jobWith())).refusals)).toEqual(['MR_TARGET_REJECTS'])
    const plan = await planOf(source, target, jobWith({ onBadRecord: 'skip', deadLetter }))
    expect(plan.refusals).toEqual([])
    expect(plan.warnings.find(({ code }) => code === 'MR_TARGET_REJECTS')?.next).toMatch(/^Such records are skipped/)
  })
})
