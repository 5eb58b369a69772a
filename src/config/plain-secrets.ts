import type { ConfigProblem } from './config-errors.ts'
import type { Given } from './given.ts'
import { readYaml } from './read-yaml.ts'
import { isReference, isSecret } from './show-config.ts'

/**
 * Secrets that stand in a configuration themselves, where a configuration is shown to people who may not know them. A text
 * that can't be read has none to tell.
 */
export function findPlainSecrets(text: string): ConfigProblem[] {
  const given = readYaml({ text, at: (line, column) => `${line}:${column}`, report: () => undefined })
  if (given === undefined) return []
  const sides = ['source', 'target'].flatMap((side) => [
    ...secretsIn(given, [side, 'security'], (name) => isSecret(name)),
    ...secretsIn(given, [side, 'properties'], (name) => isSecret(name))
  ])
  return [...sides, ...secretsIn(given, ['otlp', 'headers'], () => true)]
}

function secretsIn(root: Given, section: readonly string[], isOne: (name: string) => boolean): ConfigProblem[] {
  return leavesOf(root, []).flatMap(({ path, value }) => {
    const within = section.every((name, index) => path[index] === name)
    const name = path.slice(section.length).join('.')
    if (!within || name === '' || !isOne(name) || isReference(value.text)) return []
    return [
      {
        where: value.at,
        option: path.join('.'),
        message: 'has a secret in plain text, and whoever may see the job would see it',
        next: 'Write a reference, ${file:PATH} or ${env:NAME}, or use a connection, which keeps its secrets.'
      }
    ]
  })
}

interface Leaf {
  readonly path: readonly string[]
  readonly value: Extract<Given, { readonly kind: 'scalar' }>
}

/** A key with dots is a path as well: `properties.sasl.password` beside `properties`. */
function leavesOf(given: Given, path: readonly string[]): Leaf[] {
  if (given.kind === 'scalar') return [{ path, value: given }]
  if (given.kind !== 'map') return []
  return given.entries.flatMap(({ key, value }) => leavesOf(value, [...path, ...key.split('.')]))
}
