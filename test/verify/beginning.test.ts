import { expect, it } from 'vitest'
import { noteBeginning } from '../../src/verify/beginning.ts'

const starts = [{ topic: 'a', partition: 0, offset: 7 }]
const partition = { topic: 'b', partition: 0 }

it('keeps the starts of the source and the ends of the target', async () => {
  const target = { listOffsets: async () => Promise.resolve(new Map([['b-0', 3]])) }
  const beginning = { source: { 'a-0': 7 }, target: { 'b-0': 3 } }
  expect(await noteBeginning(starts, [partition, partition], target)).toEqual(beginning)
})

it('waits neither for a target that does not answer nor for one that fails', async () => {
  const never = { listOffsets: async () => new Promise<never>(() => undefined) }
  const fails = { listOffsets: async () => Promise.reject(new Error('no leader')) }
  for (const target of [never, fails]) {
    expect(await noteBeginning(starts, [partition], target, 20)).toEqual({ source: { 'a-0': 7 }, target: {} })
  }
})
