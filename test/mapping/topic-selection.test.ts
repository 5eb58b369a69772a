import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { topicSelection } from '../../src/mapping/topic-selection.ts'

const machinery = [
  '__consumer_offsets',
  '__transaction_state',
  'mm2-offsets.b.internal',
  'mm2-configs',
  'app-store-internal',
  'a.internal',
  'orders.replica',
  'heartbeats',
  'eu.heartbeats'
]

describe('topicSelection', () => {
  it.each(machinery)('does not find %s by a pattern', (topic) => {
    expect(topicSelection({ include: ['/.*/'], exclude: [] }).verdict(topic)).toBe('excluded by default')
  })

  it.each(machinery)('takes %s when it is named', (topic) => {
    expect(topicSelection({ include: [topic], exclude: [] }).includes(topic)).toBe(true)
  })

  it('never takes what is excluded, named or not', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/)
    fc.assert(
      fc.property(fc.array(name), fc.array(name), name, (include, exclude, topic) => {
        const selection = topicSelection({ include: [...include, '/.*/', topic], exclude: [...exclude, topic] })
        expect(selection.verdict(topic)).toBe('excluded')
      })
    )
  })

  it.each(['internal', 'my__topic', 'orders.internal.v2', 'heartbeats-eu', 'replica'])(
    '%s is an ordinary topic',
    (topic) => {
      expect(topicSelection({ include: ['/.*/'], exclude: [] }).verdict(topic)).toBe('included')
    }
  )

  it('tells a topic that nothing includes from an excluded one', () => {
    const selection = topicSelection({ include: ['orders'], exclude: ['payments'] })
    expect(selection.verdict('payments')).toBe('not included')
  })
})
