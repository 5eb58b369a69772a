import { partitionName } from '../model/topic-partition.ts'
import { AuditedOffsets } from './audited-offsets.ts'

interface AuditLine {
  readonly source?: { readonly topic?: unknown; readonly partition?: unknown; readonly offset?: unknown }
  readonly count?: unknown
  readonly policy?: unknown
}

/** The lines of audit trails (JSON lines), by source partition. What can't be read is left out: it excuses nothing. */
export function parseAudit(texts: readonly string[]): ReadonlyMap<string, AuditedOffsets> {
  const entries = new Map<string, { offset: number; count: number; isAltered: boolean }[]>()
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const { source, count, policy } = parseLine(line)
    const { topic, partition, offset } = source ?? {}
    if (typeof topic !== 'string' || typeof partition !== 'number' || typeof offset !== 'number') continue
    if (typeof count !== 'number' || typeof policy !== 'string') continue
    const name = partitionName({ topic, partition })
    const entry = { offset, count, isAltered: policy === 'altered' }
    const ofPartition = entries.get(name)
    if (ofPartition === undefined) entries.set(name, [entry])
    else ofPartition.push(entry)
  }
  return new Map([...entries].map(([name, ofPartition]) => [name, new AuditedOffsets(ofPartition)]))
}

function parseLine(line: string): AuditLine {
  if (line.trim() === '') return {}
  try {
    const parsed: unknown = JSON.parse(line)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    // The last line of a process that was killed.
    return {}
  }
}
