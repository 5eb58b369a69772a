import type { JsonMap } from '../../src/api/contract.ts'
import { hasSecret } from './logic/has-secret.ts'
import { isJsonMap } from './logic/json-path.ts'

const keyOf = (job: string | undefined): string => `millrace.unsaved ${job ?? ''}`

/** What was typed into the wizard of this tab and not saved, if it was meant for this revision. */
export function readUnsaved(job: string | undefined, revision: number | undefined): JsonMap | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(keyOf(job)) ?? 'null')
    if (!isJsonMap(value) || (value['revision'] ?? undefined) !== revision) return undefined
    return isJsonMap(value['config']) ? value['config'] : undefined
  } catch {
    return undefined
  }
}

export function writeUnsaved(job: string | undefined, revision: number | undefined, config: JsonMap): void {
  if (hasSecret(config)) return forgetUnsaved(job)
  try {
    sessionStorage.setItem(keyOf(job), JSON.stringify({ revision, config }))
  } catch {
    // Private windows may have none: then a reload goes back to what was saved.
  }
}

export function forgetUnsaved(job: string | undefined): void {
  try {
    sessionStorage.removeItem(keyOf(job))
  } catch {
    // See above.
  }
}
