import { expect, it } from 'vitest'
import type { JobConfig } from '../../../src/config/job-config.ts'
import { benchNames, targetPartitions } from '../../../src/job/bench/bench-names.ts'

const jobOf = (topics: object, partitions = 'same'): JobConfig =>
  ({
    partitions,
    topics: { targetName: '#{source_Topic_name}', overrides: {}, create: { partitions: 'auto' }, ...topics }
  }) as unknown as JobConfig

it('names the target by the rule of the job', () => {
  expect(benchNames(jobOf({}), 'b', false)).toEqual({ topic: 'b', target: 'b' })
  expect(benchNames(jobOf({ targetName: 'dr.#{source_Topic_name}' }), 'b', false).target).toBe('dr.b')
})

it('never names a topic of the job: one name for all is a topic that is in use', () => {
  expect(benchNames(jobOf({ targetName: 'all-orders' }), 'b', false).target).toBe('b-copy')
})

it('on one cluster the copy has another name', () => {
  expect(benchNames(jobOf({}), 'b', true).target).toBe('b-copy')
  expect(benchNames(jobOf({ targetName: 'dr.#{source_Topic_name}' }), 'b', true).target).toBe('dr.b')
})

it('refuses a name that Kafka would not have', () => {
  expect(() => benchNames(jobOf({}), 'a b', false)).toThrow(/does not allow a topic named a b/)
})

it('gives the target the partitions that the policy needs', () => {
  expect(targetPartitions(jobOf({}), 8)).toBe(8)
  expect(targetPartitions(jobOf({ create: { partitions: 3 } }), 8)).toBe(8)
  expect(targetPartitions(jobOf({ create: { partitions: 3 } }, 'sticky'), 8)).toBe(3)
})
