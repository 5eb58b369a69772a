import { type Assignments, pathsOf, unknownOption, valueNode } from './assignments.ts'
import type { ConfigProblem } from './config-errors.ts'
import { type Given, givenText } from './given.ts'
import { type Option, type OptionNode, type OptionSection, childOf, isOption } from './option.ts'
import { readYaml } from './read-yaml.ts'

type Report = (problem: ConfigProblem) => void

/** `--set key=value`, in order; a later one wins. Lists and maps are written as YAML: `[a, b]`, `{a: b}`. */
export function collectFlags(sets: readonly string[], root: OptionSection, into: Assignments, report: Report): void {
  for (const set of sets) {
    const equals = set.indexOf('=')
    if (equals <= 0) {
      report({
        where: equals < 0 && /^[\w.-]+$/.test(set) ? `--set ${set}` : '--set',
        option: '',
        message: 'must be key=value',
        next: 'For instance --set stop.at=end.'
      })
      continue
    }
    const key = set.slice(0, equals)
    collectFlag({ key, value: set.slice(equals + 1), at: `--set ${key}` }, root, into, report)
  }
}

interface Flag {
  readonly key: string
  readonly value: string
  readonly at: string
}

function collectFlag({ key, value, at }: Flag, root: OptionSection, into: Assignments, report: Report): void {
  let section = root
  const segments = key.split('.')
  for (const [index, name] of segments.entries()) {
    const node = childOf(section, name)
    const path = segments.slice(0, index + 1)
    const rest = segments.slice(index + 1)
    if (node === undefined) {
      const { problem, next } = unknownOption(name, section, path.slice(0, -1), root)
      return report({ where: at, option: key, message: problem, ...(next === undefined ? {} : { next }) })
    }
    if (!isOption(node)) {
      section = node
      continue
    }
    if (rest.length === 0) return collectText(value, at, node, path, into, report)
    if (node.format === 'map') return collectMapEntry(rest, { key, value, at }, node, path, into, report)
    return report({ where: at, option: key, message: `${path.join('.')} has no options of its own` })
  }
  const inside = pathsOf(section).map((path) => [...segments, ...path].join('.'))
  report({ where: at, option: key, message: 'is a section', next: `Set one of ${inside.join(', ')}.` })
}

/** Keys of maps may have dots in them, so what comes after the map's name is the key, but for the parts of its value. */
function collectMapEntry(
  rest: readonly string[],
  flag: Flag,
  option: Option,
  path: readonly string[],
  into: Assignments,
  report: Report
): void {
  const { value, at } = flag
  const of = valueNode(option)
  const inner = rest.at(-1) ?? ''
  const inside = rest.length < 2 ? undefined : isOption(of) ? (of.format === 'map' ? of : undefined) : of
  if (inside === undefined || (!isOption(inside) && childOf(inside, inner) === undefined)) {
    const key = rest.join('.')
    const given = isOption(of) && of.format !== 'map' ? givenText(value, at) : parseText(value, at, flag.key, report)
    if (given !== undefined) into.collectEntry(key, at, given, option, path)
    return
  }
  const entry: Given = {
    kind: 'map',
    at,
    entries: [{ key: inner, keyAt: at, value: givenText(value, at) }]
  }
  into.collectEntry(rest.slice(0, -1).join('.'), at, entry, option, path)
}

/** Takes the text of a flag or a variable for the option at `path`. */
export function collectText(
  text: string,
  at: string,
  option: OptionNode,
  path: readonly string[],
  into: Assignments,
  report: Report
): void {
  const isText = isOption(option) && option.format !== 'list' && option.format !== 'map'
  const given = isText ? givenText(text, at) : parseText(text, at, path.join('.'), report)
  if (given !== undefined) into.collect(given, option, path)
}

function parseText(text: string, at: string, option: string, report: Report): Given | undefined {
  return readYaml({
    text,
    at: () => at,
    report: (where, message) => report({ where, option, message: `not YAML: ${message}` })
  })
}
