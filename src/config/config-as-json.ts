import type { Given } from './given.ts'
import { jobOptions } from './job-options.ts'
import { type OptionNode, childOf, isOption } from './option.ts'
import { readYaml } from './read-yaml.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * What somebody wrote, before it is checked: a form is filled with it, and gives back what it does not know. Comments are
 * gone; `properties.client.id: mirror` is the entry `client.id` of `properties`, and a list of one is a list.
 * null = it can't be read, or is no map.
 */
export function configAsJson(text: string): { readonly [key: string]: Json } | null {
  const given = readYaml({ text, at: () => '', report: () => undefined })
  if (given?.kind === 'nothing') return {}
  return given?.kind === 'map' ? entriesAsJson(given.entries, jobOptions) : null
}

function asJson(given: Given, node: OptionNode | undefined): Json {
  if (given.kind === 'nothing') return null
  if (given.kind === 'map') return entriesAsJson(given.entries, node)
  const isList = node !== undefined && isOption(node) && node.format === 'list'
  if (given.kind === 'list') return given.items.map((item) => asJson(item, undefined))
  // `0123` and `1e3` are not what their numbers look like: the text is what was meant.
  const value = String(given.value) === given.text ? given.value : given.text
  return isList ? [value] : value
}

type Entries = Extract<Given, { kind: 'map' }>['entries']

function entriesAsJson(entries: Entries, node: OptionNode | undefined): { readonly [key: string]: Json } {
  const isSection = node !== undefined && !isOption(node)
  // Without a prototype, so that `__proto__` is a key like any other.
  const json = Object.create(null) as Record<string, Json>
  for (const { key, value } of entries) {
    const child = isSection ? childOf(node, key) : undefined
    const dot = key.indexOf('.')
    const map = isSection && child === undefined && dot > 0 ? childOf(node, key.slice(0, dot)) : undefined
    if (map !== undefined && isOption(map) && map.format === 'map') {
      const name = key.slice(0, dot)
      json[name] = { ...mapOf(json[name]), [key.slice(dot + 1)]: asJson(value, undefined) }
    } else
      json[key] =
        isMap(json[key]) && value.kind === 'map'
          ? { ...json[key], ...mapOf(asJson(value, child)) }
          : asJson(value, child)
  }
  return json
}

function mapOf(value: Json | undefined): { readonly [key: string]: Json } {
  return isMap(value) ? value : {}
}

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
