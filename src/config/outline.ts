import { parse } from 'yaml'

/** What can be told of a configuration that need not be complete. */
export interface Outline {
  readonly name: string | undefined
  /** What is named as cluster: a connection or bootstrap servers. */
  readonly source: string
  readonly target: string
  readonly connections: { readonly source: string | undefined; readonly target: string | undefined }
  readonly groupId: string | undefined
  readonly stateDir: string | undefined
}

/** Of a text that is YAML; of anything else nothing can be told. */
export function outlineOf(text: string): Outline {
  const root = sectionOf(parsed(text))
  const side = (name: 'source' | 'target') => sectionOf(root[name])
  const clusterOf = (name: 'source' | 'target') =>
    textOf(side(name)['connection']) ?? textOf(side(name)['bootstrapServers']) ?? ''
  return {
    name: textOf(root['name']),
    source: clusterOf('source'),
    target: clusterOf('target'),
    connections: { source: textOf(side('source')['connection']), target: textOf(side('target')['connection']) },
    groupId: textOf(side('source')['groupId']),
    stateDir: textOf(root['stateDir'])
  }
}

function parsed(text: string): unknown {
  try {
    return parse(text, { prettyErrors: false }) as unknown
  } catch {
    // Whoever keeps it has refused it before; whoever validates it says where it is wrong.
    return undefined
  }
}

function sectionOf(value: unknown): Readonly<Record<string, unknown>> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap ? (value as Readonly<Record<string, unknown>>) : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
