import { checkName } from '../model/check-name.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import { Assignments } from './assignments.ts'
import type { ConfigProblem } from './config-errors.ts'
import type { Given, GivenMap } from './given.ts'
import type { OptionSection, ScalarValue } from './option.ts'

/** What a connection stands for, under the names of the options. Secrets are references. */
export interface ConnectionSettings {
  readonly bootstrapServers: string
  readonly security: Readonly<Record<string, ScalarValue>>
  readonly properties: Readonly<Record<string, ScalarValue>>
}

/** The connections that there are, by name. */
export type Connections = ReadonlyMap<string, ConnectionSettings>

export interface ConnectionsQuestion {
  readonly root: OptionSection
  /** Rising in precedence. */
  readonly layers: readonly Assignments[]
  /** Undefined = nobody keeps connections here. */
  readonly connections: Connections | undefined
  readonly report: (problem: ConfigProblem) => void
}

const SIDES = ['source', 'target'] as const

/** What the connections that a job names stand for: a layer below all others, so a job's own properties win. */
export function assignConnections({ root, layers, connections, report }: ConnectionsQuestion): Assignments {
  const assigned = new Assignments(root, report, false)
  for (const side of SIDES) {
    const option = `${side}.connection`
    const given = layers.map((layer) => layer.get([side, 'connection'])?.given).findLast((found) => found !== undefined)
    if (given?.kind !== 'scalar') continue
    const both = refuseBoth(side, layers, report)
    // The option says itself that its name can't be one.
    if (both || checkName(given.text) !== undefined) continue
    const settings = connections?.get(given.text)
    if (settings !== undefined) {
      assigned.collect(givenSide(side, settings, `connection ${given.text}`))
      continue
    }
    const problem = connections === undefined ? notHere(side) : unknown(given.text, connections)
    report({ where: given.at, option, ...problem })
  }
  return assigned
}

/** Whether it was given beside what it stands for. */
function refuseBoth(side: string, layers: readonly Assignments[], report: ConnectionsQuestion['report']): boolean {
  const told = new Set<string>()
  for (const layer of layers) {
    for (const { path, given } of layer.values()) {
      const part = path[1] ?? ''
      if (path[0] !== side || (part !== 'bootstrapServers' && part !== 'security')) continue
      const option = path.join('.')
      if (told.has(option)) continue
      told.add(option)
      report({
        where: given.at,
        option,
        message: `is given, and so is ${side}.connection`,
        next: 'Choose one of them: a connection has the address and the security of its cluster.'
      })
    }
  }
  return told.size > 0
}

function notHere(side: string): Pick<ConfigProblem, 'message' | 'next'> {
  return {
    message: 'names a connection, and only the job service has connections',
    next: `Give this job to \`millrace serve\`, or write ${side}.bootstrapServers and ${side}.security instead.`
  }
}

function unknown(name: string, connections: Connections): Pick<ConfigProblem, 'message' | 'next'> {
  const near = didYouMean(name, connections.keys())
  return {
    message: `names ${JSON.stringify(name)}, and there is no such connection`,
    next: near === undefined ? 'Make it first, or name another one.' : `Did you mean ${near}?`
  }
}

function givenSide(side: string, settings: ConnectionSettings, at: string): GivenMap {
  const { bootstrapServers, security, properties } = settings
  return map(at, {
    [side]: map(at, {
      bootstrapServers: scalar(at, bootstrapServers),
      security: map(at, mapScalars(at, security)),
      properties: map(at, mapScalars(at, properties))
    })
  })
}

function mapScalars(at: string, values: Readonly<Record<string, ScalarValue>>): Record<string, Given> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, scalar(at, value)]))
}

function map(at: string, values: Readonly<Record<string, Given>>): GivenMap {
  return { kind: 'map', at, entries: Object.entries(values).map(([key, value]) => ({ key, keyAt: at, value })) }
}

function scalar(at: string, value: ScalarValue): Given {
  return { kind: 'scalar', at, value, text: String(value) }
}
