import { didYouMean } from '../model/did-you-mean.ts'
import type { ConfigProblem } from './config-errors.ts'
import { type Given, type GivenMap, type GivenScalar, givenText } from './given.ts'
import { type Option, type OptionNode, type OptionSection, type Refusal, childOf, isOption } from './option.ts'

/** What one layer (file, environment or flags) says of one leaf. An entry of a map is a leaf. */
export interface Assignment {
  readonly path: readonly string[]
  readonly option: Option
  readonly given: Given
}

/**
 * The assignments of one layer.
 *
 * Invariant: one assignment a leaf; whatever an entry of a map stands for (a Java property, a login) is already the
 * leaf that it stands for.
 */
export class Assignments {
  readonly #root: OptionSection
  readonly #report: (problem: ConfigProblem) => void
  readonly #lastWins: boolean
  readonly #byLeaf = new Map<string, Assignment>()

  constructor(root: OptionSection, report: (problem: ConfigProblem) => void, lastWins: boolean) {
    this.#root = root
    this.#report = report
    this.#lastWins = lastWins
  }

  get(path: readonly string[]): Assignment | undefined {
    return this.#byLeaf.get(leafKey(path))
  }

  values(): Iterable<Assignment> {
    return this.#byLeaf.values()
  }

  /** Takes what was given for the option or section at `path`. */
  collect(given: Given, node: OptionNode = this.#root, path: readonly string[] = []): void {
    if (given.kind === 'nothing') return
    if (isOption(node) && node.format !== 'map') return this.#assign({ path, option: node, given })
    if (given.kind !== 'map') {
      const what = isOption(node) ? 'map' : 'section with options of its own'
      const example = isOption(node) && node.example !== undefined ? { next: `Write ${node.example}.` } : {}
      return this.#refuse(given.at, path, { problem: `must be a ${what}, not a ${given.kind}`, ...example })
    }
    if (isOption(node)) this.#collectMap(given, node, path)
    else this.#collectSection(given, node, path)
  }

  /** Takes the entry of a map by its key. */
  collectEntry(key: string, keyAt: string, value: Given, option: Option, path: readonly string[]): void {
    if (value.kind === 'nothing') return
    const refusal = option.checkKey?.(key)
    if (refusal !== undefined) return this.#refuse(keyAt, [...path, key], refusal)
    if (option.translate === undefined) return this.collect(value, valueNode(option), [...path, key])
    if (value.kind !== 'scalar') {
      return this.#refuse(value.at, [...path, key], { problem: `must be a single value, not a ${value.kind}` })
    }
    this.#translate(key, value, option, path)
  }

  #collectSection(given: GivenMap, section: OptionSection, path: readonly string[]): void {
    for (const { key, keyAt, value } of given.entries) {
      const child = childOf(section, key)
      const dot = key.indexOf('.')
      const map = dot > 0 ? childOf(section, key.slice(0, dot)) : undefined
      if (child !== undefined) this.collect(value, child, [...path, key])
      else if (map !== undefined && isOption(map) && map.format === 'map') {
        this.collectEntry(key.slice(dot + 1), keyAt, value, map, [...path, key.slice(0, dot)])
      } else this.#refuse(keyAt, [...path, key], unknownOption(key, section, path, this.#root))
    }
  }

  #collectMap(given: GivenMap, option: Option, path: readonly string[]): void {
    for (const { key, keyAt, value } of given.entries) this.collectEntry(key, keyAt, value, option, path)
  }

  #translate(key: string, given: GivenScalar, option: Option, path: readonly string[]): void {
    const plain = typeof given.value === 'string' ? given.value : given.text
    const translation = option.translate?.(key, plain)
    if (translation === undefined) return
    if ('problem' in translation) return this.#refuse(given.at, [...path, key], translation)
    const section = path.slice(0, -1)
    for (const [relative, value] of translation.assign) {
      const leaf = leafAt(this.#root, [...section, ...relative])
      const given2 = { ...givenText(String(value), given.at), value }
      this.#assign({ path: [...section, ...relative], option: leaf, given: given2 })
    }
  }

  #assign(assignment: Assignment): void {
    const key = leafKey(assignment.path)
    const before = this.#byLeaf.get(key)
    if (before !== undefined && !this.#lastWins) {
      return this.#refuse(assignment.given.at, assignment.path, { problem: `is given at ${before.given.at} already` })
    }
    this.#byLeaf.set(key, assignment)
  }

  #refuse(where: string, path: readonly string[], { problem, next }: Refusal): void {
    this.#report({ where, option: path.join('.'), message: problem, ...(next === undefined ? {} : { next }) })
  }
}

export function leafKey(path: readonly string[]): string {
  return JSON.stringify(path)
}

export function valueNode(option: Option): OptionNode {
  if (option.of === undefined) throw new Error('a map option says what its values are')
  return option.of
}

/** The refusal of a key that no option has. */
export function unknownOption(
  key: string,
  section: OptionSection,
  path: readonly string[],
  root: OptionSection
): Refusal {
  const near = didYouMean(key, Object.keys(section))
  if (near !== undefined) return { problem: 'unknown option', next: `Did you mean ${[...path, near].join('.')}?` }
  const elsewhere = pathsOf(root).filter((path) => didYouMean(key, [path.at(-1) ?? '']) !== undefined)
  const nearest = elsewhere.slice(0, 3).map((path) => path.join('.'))
  if (nearest.length > 0) return { problem: 'unknown option', next: `Did you mean ${nearest.join(' or ')}?` }
  return { problem: 'unknown option', next: `Options here: ${Object.keys(section).join(', ')}.` }
}

/** The paths of all options; what is inside a map isn't among them. */
export function pathsOf(node: OptionNode, path: readonly string[] = []): (readonly string[])[] {
  if (isOption(node)) return [path]
  return Object.entries(node).flatMap(([name, child]) => pathsOf(child, [...path, name]))
}

/** The option of a leaf; for an entry of a map the option that describes the map's values. */
export function leafAt(root: OptionNode, path: readonly string[]): Option {
  let node = root
  for (const name of path) {
    const next = isOption(node) ? node.of : childOf(node, name)
    if (next === undefined) throw new Error(`no option ${path.join('.')}`)
    node = next
  }
  if (!isOption(node)) throw new Error(`${path.join('.')} is a section`)
  return node
}
