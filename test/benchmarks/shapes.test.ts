import { expect, test } from 'vitest'
import { ALL_SHAPES, chooseShapes } from '../../benchmarks/harness/shapes.ts'
import { UsageError } from '../../benchmarks/harness/usage-error.ts'

test('the usual shapes are those of the bar', () => {
  const usual = chooseShapes(undefined).map(({ name, codec, payload }) => [name, codec, payload])
  expect(usual).toEqual([
    ['100B', 'none', 'random'],
    ['1kB', 'none', 'random'],
    ['1kB-lz4', 'lz4', 'json'],
    ['10kB', 'none', 'random']
  ])
})

test('the whole matrix: four sizes, three codecs, two payloads, each by its own name', () => {
  const full = chooseShapes(undefined, { full: true })
  expect(full).toHaveLength(24)
  expect(new Set(full.map(({ name }) => name)).size).toBe(24)
  expect(new Set(full.map(({ bytes, codec, payload }) => `${bytes} ${codec} ${payload}`)).size).toBe(24)
})

test('each of them can be named', () => {
  for (const { name } of ALL_SHAPES) expect(chooseShapes([name]).map((shape) => shape.name)).toEqual([name])
})

test('a number of records replaces that of every shape, quick divides it', () => {
  expect(chooseShapes(['1kB'], { records: 7, quick: true })[0]?.records).toBe(7)
  expect(chooseShapes(['1kB'], { quick: true })[0]?.records).toBe(200_000)
})

test('an unknown one is a mistake in the command', () => {
  expect(() => chooseShapes(['1MB'])).toThrow(UsageError)
})
