import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildProgram } from '../harness/build-program.ts'
import { isInstalled } from '../harness/is-installed.ts'
import { bothSides, millraceClientProperties } from './client-properties.ts'
import { LARGE_BUFFERS } from './malloc-environment.ts'
import type { Peer } from './peer.ts'

const SOURCE = fileURLToPath(new URL('c-loop/loop.c', import.meta.url))

/** The control: what librdkafka alone costs. */
export function cLoop(): Peer {
  let program = ''
  return {
    name: 'c-loop',
    title: 'C loop on librdkafka, payload copied, same settings',
    missing: async () => ((await isInstalled('cc')) ? undefined : 'there is no C compiler (cc)'),
    async prepare(directory) {
      program = join(directory, 'c-loop')
      await buildProgram(SOURCE, program)
      return {}
    },
    settings: (shape) => bothSides(millraceClientProperties(shape)),
    async command({ shape, source, target, sourceTopic, targetTopic }) {
      const settings = {
        ...bothSides(millraceClientProperties(shape)),
        'source.bootstrap.servers': source,
        'target.bootstrap.servers': target
      }
      return {
        command: program,
        args: [sourceTopic, targetTopic, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)],
        env: LARGE_BUFFERS
      }
    }
  }
}
