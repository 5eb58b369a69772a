import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { topicPattern } from '../../src/mapping/topic-pattern.ts'

const topicName = fc.stringMatching(/^[a-zA-Z0-9_-]{1,40}$/)

describe('topicPattern', () => {
  it('takes a name as nothing but that name', () => {
    fc.assert(
      fc.property(topicName, topicName, (name, other) => {
        expect(topicPattern(name).matches(other)).toBe(name === other)
      })
    )
  })

  it('does not read the dot of a name as "any character"', () => {
    expect(topicPattern('a.b').matches('axb')).toBe(false)
  })

  it.each([
    ['/orders/', 'orders', true],
    ['/orders/', 'orders-dlq', false],
    ['/orders/', 'old-orders', false],
    ['/^payments\\..+/', 'payments.eu', true],
    ['/^payments\\..+/', 'old.payments.eu', false],
    ['/^payments\\./', 'payments.eu', true],
    ['/\\.internal$/', 'orders.internal', true],
    ['/\\.internal$/', 'orders.internal.v2', false],
    ['/a|b/', 'ab', false],
    ['/^a|b$/', 'xb', true],
    ['/[^a]b/', 'xb', true],
    ['/[^a]b/', 'xbc', false],
    ['/[]^]b/', 'x]b', false],
    ['/a\\$?/', 'ab', false]
  ])('%s on %s: %s', (pattern, topic, expected) => {
    expect(topicPattern(pattern).matches(topic)).toBe(expected)
  })

  it('matches whole names only when the pattern has no anchor', () => {
    fc.assert(
      fc.property(topicName, topicName, (name, more) => {
        const pattern = topicPattern(`/${name}/`)
        expect(pattern.matches(name)).toBe(true)
        expect(pattern.matches(name + more)).toBe(false)
        expect(pattern.matches(more + name)).toBe(false)
        expect(pattern.occursIn(more + name)).toBe(true)
      })
    )
  })

  it('finishes on a pattern that makes a backtracking engine hang', () => {
    const begin = performance.now()
    expect(topicPattern('/(a+)+/').matches(`${'a'.repeat(200)}!`)).toBe(false)
    expect(performance.now() - begin).toBeLessThan(1000)
  })

  it.each(['orders*', '', '//', '/', '/orders', '/(/', '/(a)\\1/', 'a b'])('refuses %j with a code', (text) => {
    expect(() => topicPattern(text)).toThrow(expect.objectContaining({ code: 'MR_PATTERN_INVALID' }))
  })
})

describe('a pattern from outside', () => {
  it('compiles or is refused with its reason, whatever it is, and never takes long', () => {
    const parts = [
      '(',
      ')',
      '[',
      ']',
      '^',
      '$',
      '.',
      '*',
      '+',
      '?',
      '|',
      '\\',
      '{2,1}',
      '{1000}',
      '(?<a>',
      '(?=',
      '\\1',
      '\\Q',
      '/',
      'a',
      '[[:x:]]',
      '\\p{L}',
      '😀',
      '\0'
    ]
    const expression = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.array(fc.constantFrom(...parts), { maxLength: 20 }).map((list) => list.join(''))
    )
    fc.assert(
      fc.property(expression, fc.boolean(), fc.string({ maxLength: 249 }), (text, slashes, topic) => {
        try {
          const pattern = topicPattern(slashes ? `/${text}/` : text)
          pattern.matches(topic)
          pattern.occursIn(topic)
        } catch (error) {
          expect(error).toBeInstanceOf(MillraceError)
          expect((error as MillraceError).code).toBe('MR_PATTERN_INVALID')
        }
      }),
      { numRuns: 3000 }
    )
  })

  it('is linear in the name', () => {
    const began = performance.now()
    topicPattern('/(a*)*(a|aa)+b/').matches('a'.repeat(50_000))
    expect(performance.now() - began).toBeLessThan(5000)
  })
})
