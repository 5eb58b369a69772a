import type { Finding } from './plan-types.ts'

/** What a plan found so far, in the order in which it was found. */
export class FindingList {
  readonly refusals: Finding[] = []
  readonly warnings: Finding[] = []

  refuse(finding: Finding): void {
    this.refusals.push(finding)
  }

  warn(finding: Finding): void {
    this.warnings.push(finding)
  }
}

/** A few names for a sentence: `a, b, c and 4 more`. */
export function someNames(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}
