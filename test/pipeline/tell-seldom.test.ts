import { expect, it } from 'vitest'
import { tellSeldom } from '../../src/pipeline/tell-seldom.ts'

it('what goes on for long is told once an interval, each thing by itself', () => {
  let time = 0
  const tell = tellSeldom(100, () => time)
  expect([tell('a'), tell('a'), tell('b')]).toEqual([true, false, true])
  time = 99
  expect(tell('a')).toBe(false)
  time = 100
  expect([tell('a'), tell('a')]).toEqual([true, false])
})
