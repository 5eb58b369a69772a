import type { JsonMap } from '../../../src/api/contract.ts'
import { valueAt } from './json-path.ts'

/** An imported file may have a password in it; that is not left in the browser. */
export function hasSecret(config: JsonMap): boolean {
  return ['source', 'target'].some((side) =>
    ['password', 'keyPassword'].some((option) => {
      const value = valueAt(config, [side, 'security', option])
      return value !== undefined && !/^\$\{(?:file|env):[^}]+\}$/.test(JSON.stringify(value).slice(1, -1))
    })
  )
}
