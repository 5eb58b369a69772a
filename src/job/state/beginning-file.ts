import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { MillraceError } from '../../model/millrace-error.ts'
import { type Beginning, UNKNOWN_BEGINNING } from '../../verify/beginning.ts'

const FILE = 'beginning.json'

/** Keeps where the copy of a group began. One that begins anew replaces what was there. */
export async function writeBeginning(stateDir: string, groupId: string, beginning: Beginning): Promise<void> {
  try {
    await writeFileAtomic(join(stateDir, FILE), `${JSON.stringify({ groupId, ...beginning }, null, 2)}\n`, {
      mode: 0o600
    })
  } catch (cause) {
    throw new MillraceError({
      code: 'MR_STATE_DIR',
      kind: 'configuration',
      message: `The state in ${stateDir} can't be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      next: 'Make stateDir a directory that this user may write to.',
      place: { option: 'stateDir' },
      cause
    })
  }
}

/** Unknown for a copy that began with another state directory, or with another group. */
export async function readBeginning(stateDir: string, groupId: string): Promise<Beginning> {
  try {
    const kept = JSON.parse(await readFile(join(stateDir, FILE), 'utf8')) as Partial<Beginning & { groupId: string }>
    if (kept.groupId !== groupId) return UNKNOWN_BEGINNING
    return { source: kept.source ?? {}, target: kept.target ?? {} }
  } catch {
    // It only makes a verification more exact.
    return UNKNOWN_BEGINNING
  }
}
