import { describe, expect, it } from 'vitest'
import { didYouMean } from '../../src/model/did-you-mean.ts'

const known = ['bootstrapServers', 'security', 'properties', 'groupId', 'same', 'sticky', 'zero']

describe('a suggestion', () => {
  it.each([
    ['bootstrap.servers', 'bootstrapServers'],
    ['bootstrap_server', 'bootstrapServers'],
    ['securty', 'security'],
    ['group.id', 'groupId'],
    ['smae', 'same'],
    ['Sticky', 'sticky']
  ])('for %s is %s', (word, expected) => expect(didYouMean(word, known)).toBe(expected))

  it.each(['x', '', 'broker', 'compression'])('for %j is none', (word) => {
    expect(didYouMean(word, known)).toBeUndefined()
  })
})
