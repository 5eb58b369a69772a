import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildProgram } from '../harness/build-program.ts'
import type { Shape } from '../harness/shapes.ts'
import { UsageError } from '../harness/usage-error.ts'
import { bothSides, millraceClientProperties } from '../peers/client-properties.ts'
import { LARGE_BUFFERS } from '../peers/malloc-environment.ts'
import type { PeerCommand } from '../peers/peer.ts'
import type { SideArguments } from './millrace-source.ts'

export type SideName = 'consume' | 'produce'

/** What does one side of a mirror alone, and prints a SideReport. */
export interface SidePeer {
  readonly name: string
  /** For the results page. */
  readonly title: string
  prepare(directory: string): Promise<void>
  command(side: SideName, shape: Shape, args: SideArguments): PeerCommand
}

// As millrace's supervisor starts its workers.
const ENVIRONMENT = { ...LARGE_BUFFERS, UV_THREADPOOL_SIZE: '8' }
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

export const CONTROL = 'c'
export const OURS = 'millrace'

export function chooseSidePeers(names: readonly string[] | undefined): readonly SidePeer[] {
  const all = [millraceSides(), cSides(), nodeRdkafkaSides()]
  const unknown = names?.find((name) => !all.some((peer) => peer.name === name))
  if (unknown !== undefined) {
    throw new UsageError(`no such peer: ${unknown}; there are ${all.map(({ name }) => name).join(', ')}`)
  }
  return all.filter(({ name }) => names?.includes(name) ?? true)
}

function millraceSides(): SidePeer {
  return {
    name: OURS,
    title: "millrace's own source or sink, in a process of its own",
    prepare: async () => undefined,
    command: (side, _shape, args) => ({
      command: process.execPath,
      args: ['--import', TSX, pathOf(`millrace-${side}.ts`), JSON.stringify(args)],
      env: ENVIRONMENT
    })
  }
}

function cSides(): SidePeer {
  let program = ''
  return {
    name: CONTROL,
    title: 'a C loop on librdkafka, same settings',
    async prepare(directory) {
      program = join(directory, 'sides')
      await buildProgram(pathOf('sides.c'), program)
    },
    command(side, shape, { source, target, sourceTopic, targetTopic }) {
      const settings = {
        ...bothSides(millraceClientProperties(shape)),
        'source.bootstrap.servers': source,
        'target.bootstrap.servers': target
      }
      const topics = side === 'consume' ? [sourceTopic] : [sourceTopic, targetTopic]
      const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
      return { command: program, args: [side, ...topics, ...assignments], env: ENVIRONMENT }
    }
  }
}

function nodeRdkafkaSides(): SidePeer {
  return {
    name: 'node-rdkafka',
    title: 'node-rdkafka, consume(n) or produce per record, same settings',
    prepare: async () => undefined,
    command(side, shape, { source, target, ...rest }) {
      const { consumer, producer } = millraceClientProperties(shape)
      const settings = {
        ...rest,
        side,
        source: { ...consumer, 'bootstrap.servers': source },
        target: { ...producer, 'bootstrap.servers': target }
      }
      return {
        command: process.execPath,
        args: [pathOf('node-rdkafka.mjs'), JSON.stringify(settings)],
        env: ENVIRONMENT
      }
    }
  }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
