import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { MAIN, millrace } from './millrace.ts'
import type { LastingPeer } from './lasting-peer.ts'

/** With its defaults, but for the target that stamps records itself, which has to be accepted. */
export function lastingMillrace(): LastingPeer {
  const { name, title, missing } = millrace()
  return {
    name,
    title,
    missing,
    prepare: async () => undefined,
    settings: () => ({ 'target.accept': 'restamp' }),
    targetPrefix: ({ prefix }) => prefix,
    async command({ id, source, target, prefix, directory }) {
      const file = join(directory, 'bench.yaml')
      const configuration = {
        name: id,
        source: { bootstrapServers: source },
        target: { bootstrapServers: target, accept: ['restamp'] },
        topics: { include: [`/^${prefix}\\d+$/`] },
        stateDir: join(directory, 'state')
      }
      await writeFile(file, stringify(configuration))
      return { command: process.execPath, args: [MAIN, 'run', file, '-o', 'json'] }
    }
  }
}
