import type { JsonMap, JsonValue } from '../../../src/api/contract.ts'

export type Path = readonly string[]

/** What stands at a path of a configuration; undefined = nothing. */
export function valueAt(config: JsonMap, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = config
  for (const key of path) {
    value = isJsonMap(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }
  return value ?? undefined
}

/**
 * The configuration with another value at the path; undefined takes it away, and with it the sections that it leaves
 * empty. Everything else, known or not, stays, in its order.
 */
export function withValue(config: JsonMap, path: Path, value: JsonValue | undefined): JsonMap {
  const [key, ...rest] = path
  if (key === undefined) return config
  const below = Object.hasOwn(config, key) ? config[key] : undefined
  const next = rest.length === 0 ? value : withValue(isJsonMap(below) ? below : {}, rest, value)
  const isGone = next === undefined || (rest.length > 0 && isJsonMap(next) && Object.keys(next).length === 0)
  const entries = Object.entries(config).filter(([name]) => name !== key || !isGone)
  if (isGone) return Object.fromEntries(entries)
  return Object.hasOwn(config, key)
    ? Object.fromEntries(entries.map(([name, old]) => [name, name === key ? next : old]))
    : Object.fromEntries([...entries, [key, next]])
}

export function isJsonMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textAt(config: JsonMap, path: Path, otherwise = ''): string {
  const value = valueAt(config, path)
  return typeof value === 'object' || value === undefined || value === null ? otherwise : String(value)
}

export function listAt(config: JsonMap, path: Path): readonly string[] {
  const value = valueAt(config, path)
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(String) : []
}

export function mapAt(config: JsonMap, path: Path): JsonMap {
  const value = valueAt(config, path)
  return isJsonMap(value) ? value : {}
}
