import { describe, expect, it } from 'vitest'
import type { MappingRow } from '../../../../src/api/contract.ts'
import { estimateMemory, memoryParts, memorySentence } from '../../../../web/wizard/logic/memory-words.ts'
import { actionSentence, mappingSentence, ruleSentence } from '../../../../web/wizard/logic/sentences.ts'
import { divideMemory } from '../../../../src/control/divide-memory.ts'
import { FindingList } from '../../../../src/control/finding-list.ts'

const row = (source: string, more: Partial<MappingRow> = {}): MappingRow => ({
  source,
  target: source,
  sourcePartitions: 3,
  targetPartitionsNow: 3,
  targetPartitions: 3,
  action: 'none',
  orderKept: true,
  shared: false,
  records: 0,
  overridden: false,
  ...more
})

describe('sentences of a mapping', () => {
  it('say what happens to the target', () => {
    expect(actionSentence(row('a'))).toBe('exists with 3 partitions')
    expect(actionSentence(row('a', { action: 'create', targetPartitions: 1 }))).toBe('created with 1 partition')
    expect(actionSentence(row('a', { action: 'grow', targetPartitions: 6 }))).toBe('grown from 3 to 6 partitions')
  })

  it('count targets once, however many sources they have', () => {
    const rows = [
      row('a', { target: 'all', action: 'create' }),
      row('b', { target: 'all', action: 'create' }),
      row('c', { orderKept: false })
    ]
    expect(mappingSentence(rows)).toBe(
      '3 source topics into 2 target topics: 1 to create, 1 already there; order not kept for 1 of them.'
    )
    expect(mappingSentence([row('a')])).toBe('1 source topic into 1 target topic: 1 already there; order kept.')
  })

  it('show what a rule makes of a name', () => {
    expect(ruleSentence('dr.#{source_Topic_name}', 'orders')).toBe('orders becomes dr.orders.')
    expect(ruleSentence('all', 'orders')).toContain('All source topics go into all')
  })
})

describe('the arithmetic of memory', () => {
  const MIB = 2 ** 20
  const plan = divideMemory({ total: 512 * MIB, workers: 1, sourceBrokers: 1, largestMessage: MIB }, new FindingList())
  const parts = memoryParts({ ...plan })

  it('agrees with the plan about what is enough', () => {
    expect(parts).toBeDefined()
    if (parts === undefined) return
    for (const [total, workers] of [
      [512, 1],
      [512, 2],
      [512, 3],
      [230, 1],
      [232, 1],
      [64, 1],
      [4096, 16]
    ] as const) {
      const findings = new FindingList()
      divideMemory({ total: total * MIB, workers, sourceBrokers: 1, largestMessage: MIB }, findings)
      const estimate = estimateMemory(parts, total * MIB, workers)
      expect(estimate.enough, `${String(total)} MiB, ${String(workers)} workers`).toBe(findings.refusals.length === 0)
    }
  })

  it('says it', () => {
    if (parts === undefined) return
    const mib = (bytes: number): string => `${String(Math.floor(bytes / MIB))} MiB`
    expect(memorySentence(estimateMemory(parts, 512 * MIB, 1), mib)).toBe(
      'The worker has 432 MiB, 280 MiB of it for records on their way.'
    )
    expect(memorySentence(estimateMemory(parts, 512 * MIB, 4), mib)).toContain('too little')
  })

  it('is not guessed when the plan says nothing', () => expect(memoryParts({})).toBeUndefined())
})
