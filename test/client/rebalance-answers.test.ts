import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RebalanceAnswers } from '../../src/client/rebalance-answers.ts'
import { partitionName, type TopicPartition } from '../../src/model/topic-partition.ts'

function recorded(): { answers: RebalanceAnswers; calls: string[] } {
  const calls: string[] = []
  const names = (partitions: readonly TopicPartition[]): string => partitions.map(partitionName).join(' ')
  const answers = new RebalanceAnswers({
    assign: (positions) => calls.push(`assign ${names(positions)}`.trim()),
    unassign: (partitions) => calls.push(`unassign ${names(partitions)}`.trim())
  })
  return { answers, calls }
}

const at = (partition: number): TopicPartition => ({ topic: 't', partition })
const from = (partition: number): TopicPartition & { offset: number } => ({ ...at(partition), offset: 7 })

describe('the answers to rebalances', () => {
  it('an assignment answered in pieces reaches the client as one call', () => {
    const { answers, calls } = recorded()
    answers.open({ type: 'assign', partitions: [at(0), at(1)], lost: false })
    answers.assign([from(1)])
    expect(calls).toEqual([])
    answers.assign([from(0)])
    expect(calls).toEqual(['assign t-1 t-0'])
    expect(answers.unanswered).toEqual([])
  })

  it('a revocation answered in pieces reaches the client as one call', () => {
    const { answers, calls } = recorded()
    answers.open({ type: 'revoke', partitions: [at(0), at(1)], lost: false })
    answers.unassign([at(0)])
    expect(calls).toEqual([])
    answers.unassign([at(1)])
    expect(calls).toEqual(['unassign t-0 t-1'])
  })

  it('an empty rebalance is answered by an empty call, and only then', () => {
    const { answers, calls } = recorded()
    answers.assign([])
    answers.unassign([])
    expect(calls).toEqual([])
    answers.open({ type: 'assign', partitions: [], lost: false })
    answers.assign([])
    expect(calls).toEqual(['assign'])
  })

  it('a partition that is declined does not hold back the others', () => {
    const { answers, calls } = recorded()
    answers.open({ type: 'assign', partitions: [at(0), at(1)], lost: false })
    answers.unassign([at(0)])
    answers.assign([from(1)])
    expect(calls).toEqual(['assign t-1'])
  })

  it('another partition given up while a revocation is open does not answer it early', () => {
    const { answers, calls } = recorded()
    answers.open({ type: 'revoke', partitions: [at(0)], lost: false })
    answers.unassign([at(9)])
    expect(calls).toEqual([])
    answers.unassign([at(0)])
    expect(calls).toEqual(['unassign t-9 t-0'])
  })

  it('outside a rebalance calls go through at once', () => {
    const { answers, calls } = recorded()
    answers.assign([from(3)])
    answers.unassign([at(3)])
    expect(calls).toEqual(['assign t-3', 'unassign t-3'])
  })

  it('who subscribes late still hears of what is unanswered', () => {
    const { answers } = recorded()
    answers.open({ type: 'assign', partitions: [at(0)], lost: false })
    const heard: string[] = []
    answers.stream.subscribe(({ type }) => heard.push(type))
    answers.open({ type: 'revoke', partitions: [at(1)], lost: true })
    expect(heard).toEqual(['assign', 'revoke'])
  })

  it('however the answers are cut, each rebalance gets exactly one call with all its partitions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(11)), fc.boolean(), (count, cuts, assigning) => {
        const { answers, calls } = recorded()
        const partitions = Array.from({ length: count }, (_, partition) => at(partition))
        answers.open({ type: assigning ? 'assign' : 'revoke', partitions, lost: false })
        const edges = [...new Set([0, ...cuts.map((cut) => cut % count), count])].sort((a, b) => a - b)
        for (const [index, start] of edges.slice(0, -1).entries()) {
          expect(calls).toEqual([])
          const piece = partitions.slice(start, edges[index + 1])
          if (assigning) answers.assign(piece.map((partition) => ({ ...partition, offset: 0 })))
          else answers.unassign(piece)
        }
        expect(calls).toEqual([`${assigning ? 'assign' : 'unassign'} ${partitions.map(partitionName).join(' ')}`])
      })
    )
  })
})
