import { fileURLToPath } from 'node:url'
import { bothSides, millraceClientProperties } from './client-properties.ts'
import { LARGE_BUFFERS } from './malloc-environment.ts'
import type { Peer } from './peer.ts'

const PROGRAM = fileURLToPath(new URL('node-rdkafka-loop/loop.mjs', import.meta.url))

/** What one writes with node-rdkafka without thinking about speed: consume(n), produce per record. */
export function nodeRdkafkaLoop(): Peer {
  return {
    name: 'node-rdkafka',
    title: 'node-rdkafka, the obvious loop, same settings',
    // millrace itself needs it.
    missing: async () => undefined,
    prepare: async () => ({}),
    settings: (shape) => bothSides(millraceClientProperties(shape)),
    async command({ shape, source, target, sourceTopic, targetTopic }) {
      const { consumer, producer } = millraceClientProperties(shape)
      const settings = {
        sourceTopic,
        targetTopic,
        source: { ...consumer, 'bootstrap.servers': source },
        target: { ...producer, 'bootstrap.servers': target }
      }
      return { command: process.execPath, args: [PROGRAM, JSON.stringify(settings)], env: LARGE_BUFFERS }
    }
  }
}
