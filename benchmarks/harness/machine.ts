import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { runCommand } from '../../test/helpers/run-command.ts'
import { KAFKA_VERSION } from './clusters.ts'

/** Where figures come from, without names of hosts or directories. */
export interface Surroundings {
  readonly date: string
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly nodeRdkafka: string
  readonly librdkafka: string
  readonly kafka: string
  readonly millrace: string
  /** Of the working tree; with a plus when it had changes. */
  readonly commit: string
}

const require = createRequire(import.meta.url)

export async function surroundings(): Promise<Surroundings> {
  const rdkafka = require('node-rdkafka') as { readonly librdkafkaVersion: string }
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    // Without what a distribution or a host adds to the version.
    system: `${type()} ${/^[\d.]+/.exec(release())?.[0] ?? ''}`,
    node: process.versions.node,
    nodeRdkafka: (require('node-rdkafka/package.json') as { readonly version: string }).version.replace(/^v/, ''),
    librdkafka: rdkafka.librdkafkaVersion,
    kafka: KAFKA_VERSION,
    millrace: (JSON.parse(manifest) as { readonly version: string }).version,
    commit: await commit()
  }
}

async function commit(): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    runCommand('git', args).then(
      ({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim() : ''),
      () => ''
    )
  const hash = await git('rev-parse', '--short', 'HEAD')
  if (hash === '') return 'unknown'
  return (await git('status', '--porcelain', '--untracked-files=no')) === '' ? hash : `${hash}+`
}
