import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { metricName, targetName, topicNameProblem } from '../../src/mapping/target-name.ts'

describe('targetName', () => {
  const rules = { targetName: 'dr.#{source_Topic_name}', overrides: { orders: 'orders-copy' } }

  it('fills the template with any source name, however odd', () => {
    fc.assert(
      fc.property(fc.string(), (source) => {
        expect(targetName(source, { targetName: 'a#{source_Topic_name}b', overrides: {} })).toBe(`a${source}b`)
      })
    )
  })

  it('fills the placeholder wherever it stands', () => {
    expect(targetName('x', { targetName: '#{source_Topic_name}.#{source_Topic_name}', overrides: {} })).toBe('x.x')
  })

  it('lets an override win', () => {
    expect(targetName('orders', rules)).toBe('orders-copy')
    expect(targetName('payments', rules)).toBe('dr.payments')
  })

  it.each(['constructor', '__proto__', 'toString'])('has no override for a topic called %s', (source) => {
    expect(targetName(source, rules)).toBe(`dr.${source}`)
  })

  it('gives every source a fixed name', () => {
    expect(targetName('a', { targetName: 'all', overrides: {} })).toBe('all')
  })
})

describe('topicNameProblem', () => {
  it('has nothing against names of Kafka’s alphabet', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,248}$/), (name) => {
        expect(topicNameProblem(name)).toBeUndefined()
      })
    )
  })

  it.each(['', '.', '..', 'a'.repeat(250), 'a b', 'ä', 'a/b', 'a:b', 'x\u{1f600}'])('refuses %j', (name) => {
    expect(topicNameProblem(name)).toBeTypeOf('string')
  })

  it('says which placeholder there is', () => {
    expect(topicNameProblem('dr.#{topic}')).toContain('#{source_Topic_name}')
  })
})

it('metricName is one for names that Kafka holds to be one', () => {
  expect(metricName('a.b_c')).toBe(metricName('a_b.c'))
})
