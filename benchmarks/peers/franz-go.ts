import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runSuccessfully } from '../../test/helpers/run-command.ts'
import { isInstalled, versionOf } from '../harness/is-installed.ts'
import type { Codec } from '../harness/shapes.ts'
import { millraceClientProperties } from './client-properties.ts'
import type { Peer } from './peer.ts'

const DIRECTORY = fileURLToPath(new URL('franz-go', import.meta.url))
const BUILD_TIMEOUT_MS = 300_000

/** The same loop in Go, on the fastest client there is for it. */
export function franzGo(): Peer {
  let program = ''
  return {
    name: 'franz-go',
    title: 'Go loop on franz-go, same fetch sizes, batch size and linger',
    missing: async () => ((await isInstalled('go', ['version'])) ? undefined : 'there is no Go'),
    async prepare(directory) {
      program = join(directory, 'franz-go')
      // The first time on a machine it downloads modules, those of go.sum.
      const args = ['build', '-mod=readonly', '-o', program, '.']
      await runSuccessfully('go', args, { cwd: DIRECTORY, timeoutMs: BUILD_TIMEOUT_MS })
      const module = /franz-go v(\S+)/.exec(await readFile(join(DIRECTORY, 'go.mod'), 'utf8'))?.[1] ?? 'unknown'
      return { 'franz-go': module, Go: (await versionOf('go', ['version'])) ?? 'unknown' }
    },
    settings: ({ codec }) => settings(codec),
    async command({ shape, source, target, sourceTopic, targetTopic }) {
      const all = { ...settings(shape.codec), source, target, sourceTopic, targetTopic }
      return { command: program, args: [JSON.stringify(all)] }
    }
  }

  /** As millrace's own clients have it, as far as franz-go has it; nothing else is set. */
  function settings(codec: Codec) {
    const { consumer, producer, inFlightBytes } = millraceClientProperties({ codec })
    return {
      codec,
      fetchMaxBytes: Number(consumer['fetch.max.bytes']),
      fetchPartitionMaxBytes: Number(consumer['max.partition.fetch.bytes']),
      fetchMaxWaitMs: Number(consumer['fetch.wait.max.ms']),
      lingerMs: Number(producer['linger.ms']),
      batchMaxBytes: Number(producer['batch.size']),
      maxBufferedBytes: inFlightBytes,
      maxBufferedRecords: Number(producer['queue.buffering.max.messages'])
    }
  }
}
