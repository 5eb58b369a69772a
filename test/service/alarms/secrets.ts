import { createHash } from 'node:crypto'
import type { SecretKeeper } from '../../../src/service/record/records.ts'

/** Secrets in memory. */
export function secretsInMemory(): SecretKeeper & { readonly kept: ReadonlyMap<string, string> } {
  const kept = new Map<string, string>()
  let count = 0
  return {
    kept,
    keep: async (owner, secret) => {
      const name = `${owner}.${++count}`
      kept.set(name, secret)
      return await Promise.resolve(name)
    },
    read: (name) => {
      const secret = kept.get(name)
      if (secret === undefined) throw new Error(`no secret ${name}`)
      return secret
    },
    drop: async (name) => {
      kept.delete(name)
      await Promise.resolve()
    },
    dropOthers: async (ownersBeginWith, others) => {
      for (const name of kept.keys()) if (name.startsWith(ownersBeginWith) && !others.has(name)) kept.delete(name)
      await Promise.resolve()
    },
    fingerprint: (secret) => createHash('sha256').update(secret).digest('hex').slice(0, 8)
  }
}
