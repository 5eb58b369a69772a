import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditedOffsets } from '../../verify/audited-offsets.ts'
import { parseAudit } from '../../verify/parse-audit.ts'

/** The audit trail of a job, rotated files included, by source partition. Without one nothing is excused. */
export async function readAudit(stateDir: string): Promise<ReadonlyMap<string, AuditedOffsets>> {
  const names = await readdir(stateDir).catch(() => [])
  const files = names.filter((name) => name.startsWith('audit') && name.includes('.jsonl'))
  return parseAudit(await Promise.all(files.map(async (name) => await readFile(join(stateDir, name), 'utf8'))))
}
