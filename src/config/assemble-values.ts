import convict from 'convict'
import { type Assignment, type Assignments, leafAt, leafKey, valueNode } from './assignments.ts'
import type { ConfigProblem } from './config-errors.ts'
import { type Option, type OptionNode, type OptionSection, isOption } from './option.ts'
import { type ParsedValue, checkValue, parseValue } from './parse-value.ts'

/** A section as values. Maps are lists of pairs, because their keys may have dots, which convict takes for paths. */
export interface SectionValues {
  readonly [name: string]: Value
}
export type MapValue = readonly (readonly [key: string, value: Value])[]
export type Value = ParsedValue | null | MapValue | SectionValues

export interface Assembled {
  readonly values: SectionValues
  /** Where an option got its value, a map its first one; for an unset one the file. */
  readonly whereOf: (path: readonly string[]) => string
  /** Given by somebody, rightly or wrongly. */
  readonly isSet: (path: readonly string[]) => boolean
}

type Report = (problem: ConfigProblem) => void

/** Takes each leaf from the last layer that has it, and the default where none has. Layers rise in precedence. */
export function assembleValues(
  root: OptionSection,
  layers: readonly Assignments[],
  file: string,
  report: Report
): Assembled {
  const winners = new Map<string, Assignment>()
  for (const layer of layers) {
    for (const assignment of layer.values()) winners.set(leafKey(assignment.path), assignment)
  }
  const parsed = new Map<string, { path: readonly string[]; value: ParsedValue }>()
  let sound = true
  for (const [key, { path, option, given }] of winners) {
    const value = parseValue(given, option, (where, { problem, next }) => {
      sound = false
      report({ where, option: path.join('.'), message: problem, ...(next === undefined ? {} : { next }) })
    })
    if (value !== undefined) parsed.set(key, { path, value })
  }
  for (const path of requiredPaths(root)) {
    if ([path, ...insteadOf(root, path)].some((leaf) => winners.has(leafKey(leaf)))) continue
    report({ where: file, option: path.join('.'), message: 'is required and missing' })
  }
  const given = valuesOf(root, [...parsed.values()], 0) as SectionValues
  const firstUnder = (path: readonly string[]): Assignment | undefined =>
    [...winners.values()].find((winner) => path.every((name, index) => winner.path[index] === name))
  return {
    values: sound ? checked(root, given) : given,
    whereOf: (path) => firstUnder(path)?.given.at ?? file,
    isSet: (path) => firstUnder(path) !== undefined
  }
}

/** What may be given instead of a required option. */
function insteadOf(root: OptionSection, path: readonly string[]): (readonly string[])[] {
  const { unless } = leafAt(root, path)
  return unless === undefined ? [] : [[...path.slice(0, -1), unless]]
}

function requiredPaths(node: OptionNode, path: readonly string[] = []): (readonly string[])[] {
  if (isOption(node)) return node.required === true ? [path] : []
  return Object.entries(node).flatMap(([name, child]) => requiredPaths(child, [...path, name]))
}

type Leaf = { readonly path: readonly string[]; readonly value: ParsedValue }

function valuesOf(node: OptionNode, leaves: readonly Leaf[], depth: number): Value {
  if (!isOption(node)) {
    const children = Object.entries(node).map(([name, child]) => {
      return [
        name,
        valuesOf(
          child,
          leaves.filter(({ path }) => path[depth] === name),
          depth + 1
        )
      ] as const
    })
    return Object.fromEntries(children)
  }
  if (node.format !== 'map') return leaves[0]?.value ?? node.default
  const keys = new Set(leaves.map(({ path }) => path[depth] ?? ''))
  return [...keys].map((key) => {
    return [
      key,
      valuesOf(
        valueNode(node),
        leaves.filter(({ path }) => path[depth] === key),
        depth + 1
      )
    ] as const
  })
}

/** convict has the last word: every option is declared, and every value has its option's format. */
function checked(root: OptionSection, values: SectionValues): SectionValues {
  const config = convict(convictSchema(root), { env: {}, args: [] })
  config.load(values)
  config.validate({ allowed: 'strict' })
  return config.getProperties() as SectionValues
}

function convictSchema(section: OptionSection): convict.Schema<Record<string, unknown>> {
  const entries = Object.entries(section).map(([name, node]) => {
    return [name, isOption(node) ? convictLeaf(node) : convictSchema(node)] as const
  })
  return Object.fromEntries(entries) as convict.Schema<Record<string, unknown>>
}

function convictLeaf(option: Option): convict.SchemaObj {
  return {
    doc: option.doc,
    default: option.default,
    nullable: true,
    sensitive: option.sensitive === true,
    format: (value: unknown) => checkFormat(value, option)
  }
}

function checkFormat(value: unknown, option: Option): void {
  const isList = option.format === 'list' || option.format === 'map'
  if (Array.isArray(value) !== isList) throw new TypeError('has a value of another type than its format')
  if (isList) return
  const refusal = checkValue(value as string | number | boolean, option)
  if (refusal !== undefined) throw new TypeError(refusal.problem)
}
