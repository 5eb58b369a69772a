import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bothSides, millraceClientProperties } from './client-properties.ts'
import { LARGE_BUFFERS } from './malloc-environment.ts'
import type { Peer } from './peer.ts'

const PROGRAM = fileURLToPath(new URL('native-loop/loop.mjs', import.meta.url))
const ADDON = fileURLToPath(new URL('../../native/build/Release/millrace.node', import.meta.url))

/** The addon without the pipeline: tells which of the two a difference to the C loop comes from. */
export function nativeLoop(): Peer {
  return {
    name: 'native-loop',
    title: "millrace's native part alone, without its pipeline",
    missing: async () => {
      return access(ADDON).then(
        () => undefined,
        () => 'the addon is not built: npm run build'
      )
    },
    prepare: async () => ({}),
    settings: (shape) => bothSides(millraceClientProperties(shape)),
    async command({ shape, source, target, sourceTopic, targetTopic }) {
      const { consumer, producer, inFlightBytes, recordOverheadBytes } = millraceClientProperties(shape)
      const settings = {
        sourceTopic,
        targetTopic,
        inFlightBytes,
        recordOverheadBytes,
        source: { ...consumer, 'bootstrap.servers': source },
        target: { ...producer, 'bootstrap.servers': target }
      }
      return { command: process.execPath, args: [PROGRAM, JSON.stringify(settings)], env: LARGE_BUFFERS }
    }
  }
}
