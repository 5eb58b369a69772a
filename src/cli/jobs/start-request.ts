import type { StartRequest } from '../../api/contract.ts'
import type { JobsFlags } from './jobs-flags.ts'
import { jobsUsage } from './service-errors.ts'

type StartFlags = Pick<JobsFlags, 'from' | 'time' | 'offset'>

/** What the flags of `jobs start` ask for, without the confirmation. Throws a usage error. */
export function startRequest({ from, time, offset = [] }: StartFlags): StartRequest {
  if ((from === 'time') !== (time !== undefined)) throw jobsUsage('--from time and --time go together.')
  if ((from === 'offsets') !== offset.length > 0) throw jobsUsage('--from offsets and --offset go together.')
  if (from === 'offsets') return { from, offsets: offsetsOf(offset) }
  if (from !== 'time') return from === undefined ? {} : { from }
  const at = Date.parse(time ?? '')
  // Without a zone it would be another moment on another machine.
  if (Number.isNaN(at) || !/(?:Z|[+-]\d\d:?\d\d)$/i.test(time ?? '')) {
    throw jobsUsage(`${JSON.stringify(time)} is no time with its zone, such as 2026-01-31T12:00:00Z.`)
  }
  return { from: 'timestamp', time: at }
}

function offsetsOf(given: readonly string[]): NonNullable<StartRequest['offsets']> {
  const topics = new Map<string, Map<string, number>>()
  for (const text of given) {
    const [, topic, partition, digits] = /^([A-Za-z0-9._-]{1,249})\/(\d{1,9})=(\d+)$/.exec(text) ?? []
    const offset = Number(digits)
    if (topic === undefined || partition === undefined || !Number.isSafeInteger(offset)) {
      throw jobsUsage(`${JSON.stringify(text)} is no offset of a partition, such as orders/3=42.`)
    }
    const partitions = topics.get(topic) ?? new Map<string, number>()
    const number = String(Number(partition))
    if (partitions.has(number)) throw jobsUsage(`${topic}/${number} has two offsets.`)
    topics.set(topic, partitions.set(number, offset))
  }
  return Object.fromEntries([...topics].map(([topic, partitions]) => [topic, Object.fromEntries(partitions)]))
}
