import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { type LibrdkafkaProperty, propertiesOfLibrdkafka } from '../../src/client/properties-of-librdkafka.ts'
import { translateProperty } from '../../src/client/properties.ts'

interface Constructors {
  KafkaConsumer: new (config: object, topicConfig: object) => unknown
  Producer: new (config: object, topicConfig: object) => unknown
}
// The stock library, which checks a configuration when a client is constructed, long before it connects.
const { KafkaConsumer, Producer } = createRequire(import.meta.url)('node-rdkafka') as Constructors

function soundValue(name: string, { type, words, max }: LibrdkafkaProperty): string {
  if (name === 'debug') return 'broker'
  if (type === 'word') return words?.[0] ?? ''
  if (type === 'boolean') return 'true'
  return type === 'string' ? 'x' : String(max)
}

describe('librdkafka takes every property that is let through, as translated', () => {
  it.each(['source', 'target'] as const)('on the side of the %s', (side) => {
    const accepted = Object.entries(propertiesOfLibrdkafka).flatMap(([name, property]) => {
      const translation = translateProperty(side, name, soundValue(name, property))
      return 'problem' in translation ? [] : translation.assign.filter(([[section]]) => section === 'properties')
    })
    expect(accepted.length).toBeGreaterThan(70)
    for (const [[, name = ''], value] of accepted) {
      const construct = (): unknown =>
        side === 'source'
          ? new KafkaConsumer({ 'group.id': 'group', [name]: value }, {})
          : new Producer({ [name]: value }, {})
      expect(construct, name).not.toThrow()
    }
  })

  it('and would tell of one that it does not know', () => {
    expect(() => new Producer({ 'no.such.property': 1 }, {})).toThrow('No such configuration property')
  })
})
