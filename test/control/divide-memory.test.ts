import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideMemory, fetchMaxBytes } from '../../src/control/divide-memory.ts'
import { FindingList } from '../../src/control/finding-list.ts'
import type { MemoryDivision } from '../../src/control/plan-types.ts'

const MIB = 1024 * 1024
const question = { total: 512 * MIB, workers: 1, sourceBrokers: 1, largestMessage: 1_048_588 }

function sum(memory: MemoryDivision): number {
  const { workerBase, consumerQueue, fetchBuffers, inFlight, producerOverhead } = memory
  return memory.supervisor + memory.workers * (workerBase + consumerQueue + fetchBuffers + inFlight + producerOverhead)
}

describe('divideMemory', () => {
  it('never gives out more than there is, unless it refuses', () => {
    fc.assert(
      fc.property(
        fc.record({
          total: fc.integer({ min: MIB, max: 8192 * MIB }),
          workers: fc.integer({ min: 1, max: 16 }),
          sourceBrokers: fc.integer({ min: 0, max: 50 }),
          partitions: fc.nat(20_000),
          largestMessage: fc.integer({ min: 1, max: 64 * MIB }),
          fetchMaxBytes: fc.option(fc.integer({ min: 1, max: 64 * MIB }), { nil: undefined }),
          queuedMaxBytes: fc.option(fc.integer({ min: 1, max: 256 * MIB }), { nil: undefined }),
          exporting: fc.option(fc.record({ supervisor: fc.boolean(), workers: fc.boolean() }), { nil: undefined })
        }),
        (asked) => {
          const findings = new FindingList()
          const memory = divideMemory(asked, findings)
          expect(findings.refusals.length === 0).toBe(sum(memory) <= asked.total)
          for (const part of Object.values(memory)) expect(part).toBeGreaterThan(0)
          expect(Object.values(memory).every(Number.isInteger)).toBe(true)
          expect(fetchMaxBytes(memory, asked.sourceBrokers)).toBeGreaterThan(0)
        }
      )
    )
  })

  it('works at exactly the least it asks for', () => {
    const findings = new FindingList()
    divideMemory({ ...question, total: MIB }, findings)
    const least = Number(/least that works is (\d+)MiB/.exec(findings.refusals[0]?.message ?? '')?.[1])
    const again = new FindingList()
    divideMemory({ ...question, total: least * MIB }, again)
    expect(again.refusals).toEqual([])
  })

  it('keeps room for thousands of partitions, and says what they cost where there is none', () => {
    const many = { ...question, partitions: 5000 }
    const findings = new FindingList()
    divideMemory(many, findings)
    expect(findings.refusals[0]?.message).toContain('5000 partitions need 508MiB of it.')
    const enough = new FindingList()
    const { workerBase, supervisor } = divideMemory({ ...many, total: 768 * MIB }, enough)
    expect(enough.refusals).toEqual([])
    const few = divideMemory({ ...question, total: 768 * MIB }, new FindingList())
    expect(workerBase + supervisor - few.workerBase - few.supervisor).toBe(5000 * 104 * 1024)
  })

  it('divides the default so that a whole job stays below 500 MB', () => {
    const findings = new FindingList()
    expect(sum(divideMemory(question, findings))).toBeLessThan(500e6)
    expect(findings.refusals).toEqual([])
  })

  it('keeps to what the user has fixed', () => {
    const memory = divideMemory(
      { ...question, sourceBrokers: 3, fetchMaxBytes: 5 * MIB, queuedMaxBytes: 7 * MIB },
      new FindingList()
    )
    expect(fetchMaxBytes(memory, 3)).toBe(5 * MIB)
    expect(memory.consumerQueue).toBe(7 * MIB)
  })

  it('leaves room for the SDK in each process that exports, and says so where there is none', () => {
    const plain = divideMemory({ ...question, workers: 2, total: 2048 * MIB }, new FindingList())
    const exporting = { supervisor: true, workers: true }
    const seen = divideMemory({ ...question, workers: 2, total: 2048 * MIB, exporting }, new FindingList())
    expect(seen.supervisor - plain.supervisor).toBe(32 * MIB)
    expect(seen.workerBase - plain.workerBase).toBe(32 * MIB)
    const findings = new FindingList()
    divideMemory({ ...question, total: MIB, exporting }, findings)
    expect(findings.refusals[0]?.message).toContain('Each process that exports metrics or traces needs 32MiB')
  })
})
