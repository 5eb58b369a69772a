import { didYouMean } from '../model/did-you-mean.ts'
import { type Assignments, leafAt, pathsOf } from './assignments.ts'
import { collectText } from './collect-flags.ts'
import type { ConfigProblem } from './config-errors.ts'
import { givenText } from './given.ts'
import type { OptionSection } from './option.ts'

const PREFIX = 'MILLRACE_'

/** `source.bootstrapServers` → `MILLRACE_SOURCE_BOOTSTRAP_SERVERS`. */
export function variableOf(path: readonly string[]): string {
  return PREFIX + path.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_')
}

/**
 * `MILLRACE_…` variables. An empty one counts as not set. One that no option has is refused if it looks like a
 * mistyped one; others are left alone, because Kubernetes and others set variables with such names of their own.
 */
export function collectEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  root: OptionSection,
  into: Assignments,
  report: (problem: ConfigProblem) => void
): void {
  const paths = new Map(pathsOf(root).map((path) => [variableOf(path), path]))
  for (const name of Object.keys(env).sort()) {
    const text = env[name]
    if (!name.startsWith(PREFIX) || text === undefined || text === '') continue
    const path = paths.get(name)
    if (path !== undefined) {
      collectText(text, name, leafAt(root, path), path, into, report)
      continue
    }
    const map = [...paths].find(([variable, candidate]) => {
      return name.startsWith(`${variable}_`) && leafAt(root, candidate).keyOfVariable !== undefined
    })
    if (map !== undefined) {
      const [variable, mapPath] = map
      const option = leafAt(root, mapPath)
      const key = option.keyOfVariable?.(name.slice(variable.length + 1)) ?? ''
      into.collectEntry(key, name, givenText(text, name), option, mapPath)
      continue
    }
    const near = didYouMean(
      name.slice(PREFIX.length),
      [...paths.keys()].map((variable) => variable.slice(PREFIX.length))
    )
    if (near !== undefined) {
      report({
        where: name,
        option: '',
        message: 'no option has this variable',
        next: `Did you mean ${PREFIX}${near}?`
      })
    }
  }
}
