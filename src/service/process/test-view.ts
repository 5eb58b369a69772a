import type { ConnectionTest } from '../../api/contract.ts'
import type { StageResult } from '../../control/check-connection.ts'

/** A check of one cluster as those see it who asked for it. */
export function testView(results: readonly StageResult[]): ConnectionTest {
  return {
    ok: results.length > 0 && results.every(({ ok }) => ok),
    stages: results.map(({ stage, ok, detail, next, code, milliseconds }) => ({
      stage,
      ok,
      detail,
      next: next ?? null,
      code: code ?? null,
      milliseconds
    }))
  }
}
