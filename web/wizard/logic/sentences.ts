import type { MappingRow, PlanView } from '../../../src/api/contract.ts'
import { PLACEHOLDER } from './check-steps.ts'

export type Policy = PlanView['policy']

export interface PolicyWords {
  readonly title: string
  readonly order: 'kept' | 'kept, in one partition' | 'not kept'
  readonly why: string
}

export const POLICY_WORDS: Readonly<Record<Policy, PolicyWords>> = {
  same: {
    title: 'Same partition',
    order: 'kept',
    why: 'Order kept: each source partition goes to the target partition of the same number.'
  },
  sticky: {
    title: 'Spread over all partitions',
    order: 'not kept',
    why: 'Order not kept: batches go round over all target partitions, and equal keys may land in different ones.'
  },
  zero: {
    title: 'All to partition 0',
    order: 'kept, in one partition',
    why: 'Order kept within each source partition; all of them meet in partition 0, which is the limit of the throughput.'
  }
}

/** What a rule makes of a topic, as an example. */
export function ruleSentence(rule: string, topic: string): string {
  if (!rule.includes(PLACEHOLDER)) {
    return `All source topics go into ${rule}: records of different topics mix there, with nothing that tells them apart.`
  }
  return `${topic} becomes ${rule.replaceAll(PLACEHOLDER, topic)}.`
}

/** "Created with 12 partitions" and the like. */
export function actionSentence(row: MappingRow): string {
  const count = (partitions: number): string => `${String(partitions)} partition${partitions === 1 ? '' : 's'}`
  switch (row.action) {
    case 'create':
      return `created with ${count(row.targetPartitions)}`
    case 'grow':
      return `grown from ${String(row.targetPartitionsNow)} to ${count(row.targetPartitions)}`
    case 'none':
      return `exists with ${count(row.targetPartitionsNow)}`
  }
}

/** One line about a whole mapping. */
export function mappingSentence(rows: readonly MappingRow[]): string {
  const targets = new Map<string, MappingRow>()
  for (const row of rows) if (!targets.has(row.target)) targets.set(row.target, row)
  const number = (action: MappingRow['action']): number =>
    [...targets.values()].filter((row) => row.action === action).length
  const parts = [
    [number('create'), 'to create'],
    [number('grow'), 'to grow'],
    [number('none'), 'already there']
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${String(count)} ${words}`)
  const lost = rows.filter((row) => !row.orderKept).length
  const order = lost === 0 ? 'order kept' : `order not kept for ${lost === rows.length ? 'all' : String(lost)} of them`
  return `${String(rows.length)} source topic${rows.length === 1 ? '' : 's'} into ${String(targets.size)} target topic${
    targets.size === 1 ? '' : 's'
  }: ${said.join(', ')}; ${order}.`
}
