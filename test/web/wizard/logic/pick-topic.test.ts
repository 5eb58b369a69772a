import { describe, expect, it } from 'vitest'
import { keptOptions } from '../../../../web/wizard/logic/kept-options.ts'
import { pickTopic } from '../../../../web/wizard/logic/pick-topic.ts'

describe('a click on a topic', () => {
  it('names one that is not copied, and takes the name back', () => {
    const named = pickTopic('a', false, { include: [], exclude: [] })
    expect(named).toEqual({ include: ['a'], exclude: [] })
    expect(pickTopic('a', true, named)).toEqual({ include: [], exclude: [] })
  })

  it('excludes one that a pattern finds, and takes that back', () => {
    const excluded = pickTopic('a', true, { include: ['/.*/'], exclude: [] })
    expect(excluded).toEqual({ include: ['/.*/'], exclude: ['a'] })
    expect(pickTopic('a', false, excluded)).toEqual({ include: ['/.*/'], exclude: [] })
  })

  it('names one whose exclusion alone would not bring it back', () => {
    expect(pickTopic('a', false, { include: ['b'], exclude: ['a'] })).toEqual({ include: ['b', 'a'], exclude: [] })
  })
})

describe('options that no step shows', () => {
  it('are found wherever they stand, and what is shown is not among them', () => {
    expect(
      keptOptions({
        name: 'a',
        source: { connection: 'x', security: { protocol: 'SSL' }, properties: { 'a.b': 1 } },
        topics: { include: ['a'], settings: { a: { onLoss: 'stop' } }, overrides: { a: 'b' } },
        start: { from: 'offsets', offsets: { a: { 0: 1 } } },
        traces: { ratio: 1 },
        future: []
      })
    ).toEqual(['source.security.protocol', 'topics.settings.a.onLoss', 'traces.ratio', 'future'])
  })
})
