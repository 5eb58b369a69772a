import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapTopics } from '../../src/mapping/map-topics.ts'

describe('mapTopics', () => {
  it('tells every merge and nothing else', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    fc.assert(
      fc.property(fc.array(name), fc.dictionary(name, name), (sources, overrides) => {
        const mapping = mapTopics(sources, { targetName: '#{source_Topic_name}', overrides })
        expect(mapping.topics.map((topic) => topic.source)).toEqual([...new Set(sources)].toSorted())
        const targets = mapping.topics.map((topic) => topic.target)
        const doubled = new Set(targets.filter((target, i) => targets.indexOf(target) !== i))
        expect(new Set(mapping.merged.map((merge) => merge.target))).toEqual(doubled)
      })
    )
  })

  it('tells a template that meets an override by accident from a rule that merges on purpose', () => {
    const accident = mapTopics(['orders', 'old'], { targetName: '#{source_Topic_name}', overrides: { old: 'orders' } })
    expect(accident.merged).toEqual([{ target: 'orders', sources: ['old', 'orders'], deliberate: false }])
    const purpose = mapTopics(['a', 'b'], { targetName: 'all', overrides: {} })
    expect(purpose.merged).toEqual([{ target: 'all', sources: ['a', 'b'], deliberate: true }])
    const both = mapTopics(['a', 'b'], { targetName: '#{source_Topic_name}', overrides: { a: 'x', b: 'x' } })
    expect(both.merged[0]?.deliberate).toBe(true)
  })

  it('tells targets that Kafka takes for the same', () => {
    const mapping = mapTopics(['a.b', 'a_b', 'c'], { targetName: '#{source_Topic_name}', overrides: {} })
    expect(mapping.lookalikes).toEqual([['a.b', 'a_b']])
    expect(mapping.merged).toEqual([])
  })

  it('tells a target name that Kafka refuses', () => {
    const mapping = mapTopics(['a'], { targetName: 'dr/#{source_Topic_name}', overrides: {} })
    expect(mapping.topics[0]?.problem).toContain("'/'")
  })
})
