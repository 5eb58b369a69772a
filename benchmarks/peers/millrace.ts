import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { MirrorRun, Peer } from './peer.ts'

export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** What differs from the defaults. */
export interface MillraceVariant {
  readonly name: string
  readonly title: string
  /** Sections of the job's configuration. */
  readonly configuration: object
}

/** millrace as a user gets it: the command line, defaults, supervisor and worker together. */
export function millrace(variant: MillraceVariant = { name: 'millrace', title: 'millrace', configuration: {} }): Peer {
  return {
    name: variant.name,
    title: variant.title,
    missing: async () => {
      return access(MAIN).then(
        () => undefined,
        () => 'it is not built: npm run build'
      )
    },
    prepare: async () => ({}),
    settings: (shape) => compression(shape.codec),
    async command(run) {
      const file = join(run.directory, 'bench.yaml')
      await writeFile(file, stringify({ ...configuration(run), ...variant.configuration }))
      return { command: process.execPath, args: [MAIN, 'run', file, '-o', 'json'] }
    }
  }
}

function configuration({ shape, source, target, sourceTopic, targetTopic, directory }: MirrorRun): object {
  return {
    // Also the consumer group: another one for every run.
    name: targetTopic,
    source: { bootstrapServers: source },
    target: { bootstrapServers: target, properties: compression(shape.codec) },
    topics: { include: [sourceTopic], targetName: targetTopic },
    stop: { at: 'end' },
    stateDir: join(directory, 'state')
  }
}

function compression(codec: string): Readonly<Record<string, string>> {
  return { 'compression.type': codec }
}
