import { syncBuiltinESMExports } from 'node:module'

/** Gives a module of Node.js (its default import) another function, for whoever has imported it by name, too; undone by what is returned. */
export function replaceBuiltin<M extends object, K extends keyof M>(module: M, name: K, by: M[K]): () => void {
  const real = module[name]
  const set = (value: M[K]): void => {
    module[name] = value
    syncBuiltinESMExports()
  }
  set(by)
  return () => set(real)
}
