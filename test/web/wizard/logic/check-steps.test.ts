import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/api/contract.ts'
import { parseSize } from '../../../../src/config/parse-quantities.ts'
import {
  checkConfig,
  entryProblem,
  furthestStep,
  isReachable,
  nameProblem,
  ruleProblem,
  stepStates
} from '../../../../web/wizard/logic/check-steps.ts'
import { readSize, readWhole } from '../../../../web/wizard/logic/quantities.ts'
import { asStep, stepAddress, stepAfter, stepBefore, stepOf } from '../../../../web/wizard/logic/steps.ts'
import { withValue } from '../../../../web/wizard/logic/json-path.ts'

const GOOD: JsonMap = {
  name: 'orders-to-dr',
  source: { connection: 'a' },
  target: { bootstrapServers: 'b:9092' },
  topics: { include: ['orders', '/^x/'] }
}

const wrongOptions = (config: JsonMap): string[] => checkConfig(config).map(({ option }) => option)

describe('what is said while somebody types', () => {
  it('is nothing of a good configuration', () => {
    expect(checkConfig(GOOD)).toEqual([])
    expect(furthestStep([])).toBe('review')
  })

  it('is all that is missing of an empty one', () => {
    expect(wrongOptions({})).toEqual(['name', 'source.connection', 'target.connection', 'topics.include'])
    expect(furthestStep(checkConfig({}))).toBe('connections')
  })

  it.each<[string, readonly string[], string | number, boolean]>([
    ['limits.memory', ['limits', 'memory'], '63MiB', false],
    ['limits.memory', ['limits', 'memory'], '1.5 GiB', true],
    ['limits.memory', ['limits', 'memory'], 'much', false],
    ['limits.rate.bytes', ['limits', 'rate', 'bytes'], 'unlimited', true],
    ['limits.rate.records', ['limits', 'rate', 'records'], 0, false],
    ['workers', ['workers'], 'auto', true],
    ['workers', ['workers'], 257, false],
    ['workers', ['workers'], '1.5', false],
    ['topics.create.partitions', ['topics', 'create', 'partitions'], 'source', true],
    ['topics.create.partitions', ['topics', 'create', 'partitions'], 0, false],
    ['topics.create.replicationFactor', ['topics', 'create', 'replicationFactor'], -1, true],
    ['topics.create.replicationFactor', ['topics', 'create', 'replicationFactor'], 0, false],
    ['stop.at', ['stop', 'at'], 'end', true],
    ['stop.at', ['stop', 'at'], '2026-01-01', false],
    ['topics.targetName', ['topics', 'targetName'], '', false],
    ['topics.overrides.orders', ['topics', 'overrides', 'orders'], 'a b', false]
  ])('%s %j', (option, path, value, good) => {
    expect(wrongOptions(withValue(GOOD, path, value))).toEqual(good ? [] : [option])
  })

  it('wants a time to start at', () => {
    expect(wrongOptions({ ...GOOD, start: { from: 'timestamp' } })).toEqual(['start.time'])
    expect(wrongOptions({ ...GOOD, start: { from: 'timestamp', time: '2026-01-01T00:00:00Z' } })).toEqual([])
  })

  it('tells a pattern from a name', () => {
    expect(entryProblem('orders')).toBeUndefined()
    expect(entryProblem('/orders.*/')).toBeUndefined()
    expect(entryProblem('orders.*')).toContain('/orders.*/')
    expect(entryProblem('/orders')).toContain('two slashes')
    expect(entryProblem('//')).toContain('two slashes')
  })

  it('knows names and rules', () => {
    expect(nameProblem('-a')).toContain('begins')
    expect(nameProblem('a'.repeat(101))).toBeDefined()
    expect(ruleProblem('dr.#{source_Topic_name}')).toBeUndefined()
    expect(ruleProblem('dr.#{topic}')).toContain('placeholder')
    expect(ruleProblem('a b')).toContain('Kafka allows')
  })
})

describe('the steps', () => {
  it('open as far as everything before is there', () => {
    const problems = checkConfig({ ...GOOD, topics: {} })
    expect(stepStates(problems)).toMatchObject({ connections: 'done', topics: 'wrong', target: 'done' })
    expect(isReachable('topics', problems)).toBe(true)
    expect(isReachable('target', problems)).toBe(false)
  })

  it('have addresses, and an unknown one is the first', () => {
    expect(stepAddress('a b', 'topics')).toBe('/edit-job/a%20b/topics')
    expect(stepAddress(undefined, 'connections')).toBe('/new-job')
    expect(asStep('nonsense')).toBe('connections')
    expect(asStep('review')).toBe('review')
    expect([stepAfter('connections'), stepBefore('topics')]).toEqual(['topics', 'connections'])
    expect([stepAfter('review'), stepBefore('connections')]).toEqual([undefined, undefined])
  })

  it('know where each option is set', () => {
    expect(stepOf('topics.include')).toBe('topics')
    expect(stepOf('topics.overrides.a.b')).toBe('mapping')
    expect(stepOf('source.properties.client.id')).toBe('task')
    expect(stepOf('source.bootstrapServers')).toBe('connections')
    expect(stepOf('partitions')).toBe('target')
    expect(stepOf('traces.ratio')).toBe('task')
  })
})

describe('quantities', () => {
  it.each(['512MiB', '1.5 GB', '0', '1048576', '64kB', '7 xB', '', 'MiB', '1e3', '9999999TiB'])(
    'read %j as the service does',
    (text) => expect(readSize(text)).toBe(parseSize(text))
  )

  it('are whole where they must be', () => {
    expect(readWhole('12', 1, 256)).toBe(12)
    expect(readWhole('0', 1, 256)).toBeUndefined()
    expect(readWhole('1.0', 1, 256)).toBeUndefined()
  })
})
