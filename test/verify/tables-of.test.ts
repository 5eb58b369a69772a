import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tablesOf } from '../../src/verify/tables-of.ts'
import { WORDS } from '../../src/verify/words.ts'

interface Counted {
  readonly tables: number
  readonly entries: readonly { readonly required: number; readonly target: number }[]
}

async function count(room: number, digests: readonly (readonly number[])[], copies: number): Promise<Counted> {
  const words = Uint32Array.from(digests.flat())
  const entries: { required: number; target: number }[] = []
  let tables = 0
  const parts = tablesOf(room, async (add) => {
    for (let index = 0; index < digests.length; index++) {
      add('required', words, index * WORDS, 0, index)
      for (let copy = 0; copy < copies; copy++) add('target', words, index * WORDS, 0, index)
    }
    await Promise.resolve()
  })
  for await (const table of parts) {
    tables++
    for (const { required, target } of table.entries()) entries.push({ required, target })
  }
  return { tables, entries }
}

const word = fc.nat(2 ** 32 - 1)

describe('tables of digests', () => {
  it('need one for equal digests, however many there are', async () => {
    const { tables, entries } = await count(
      1,
      Array.from({ length: 10_000 }, () => [1, 2, 3, 4]),
      1
    )
    expect(tables).toBe(1)
    expect(entries).toEqual([{ required: 10_000, target: 10_000 }])
  })

  it('have every digest once, with all of its counts, in however many parts', async () => {
    const digest = fc.tuple(fc.constant(7), fc.constant(7), word, word)
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(digest, { selector: ([, , third]) => third, maxLength: 60 }), async (digests) => {
        const { entries } = await count(4, digests, 2)
        expect(entries).toEqual(digests.map(() => ({ required: 1, target: 2 })))
      })
    )
  })

  it('say so when no halving helps, instead of going on for ever', async () => {
    const digests = Array.from({ length: 5 }, (_, index) => [index, 2, 3, 4])
    await expect(count(4, digests, 0)).rejects.toThrow(/same third word/)
  })
})
