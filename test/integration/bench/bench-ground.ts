import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { administer, createTopic, endOffsets, writeRecords, type Cluster } from '../../helpers/checker.ts'
import type { CliOptions } from '../../helpers/run-cli.ts'
import { RuleGround } from '../rules/rule-ground.ts'

/** Flags of a benchmark that takes seconds. */
export const SMALL = ['--records', '20000', '--size', '200', '--partitions', '3', '--seconds', '2', '--rate', '200']

/** Two brokers, a job with a topic of its own that no benchmark may touch, and a client that isn't ours to look at it. */
export class BenchGround {
  readonly source: Cluster
  readonly target: Cluster
  readonly file: string
  readonly #ground: RuleGround
  /** The processes' directory for temporary files. */
  readonly #temporary: string

  private constructor(ground: RuleGround, file: string, temporary: string) {
    this.#ground = ground
    this.source = ground.source
    this.target = ground.target
    this.file = file
    this.#temporary = temporary
  }

  static async start(): Promise<BenchGround> {
    const ground = await RuleGround.start({ source: '3.9.1', target: '3.9.1' })
    await createTopic(ground.source, 'orders', 1)
    await writeRecords({ ...ground.source, topic: 'orders', records: 10 })
    const temporary = join(ground.directory, 'tmp')
    await mkdir(temporary)
    const { file } = await ground.job('benched', { topics: { include: ['orders'] } })
    return new BenchGround(ground, file, temporary)
  }

  async stop(): Promise<void> {
    await this.#ground.stop()
  }

  get options(): CliOptions {
    return { env: { TMPDIR: this.#temporary }, timeoutMs: 120_000 }
  }

  async groups(): Promise<string[]> {
    return await administer(this.source, 'list_groups')
  }

  async expectNothingLeft(): Promise<void> {
    expect(await topicsOf(this.source)).toEqual(['orders'])
    expect(await topicsOf(this.target)).toEqual([])
    expect((await this.groups()).filter((group) => group.includes('bench-'))).toEqual([])
    expect(await readdir(this.#temporary)).toEqual([])
    expect(await endOffsets(this.source, 'orders')).toEqual({ 0: 10 })
  }
}

/** Less Kafka's own. */
export async function topicsOf(cluster: Cluster): Promise<string[]> {
  const topics = Object.keys(await administer<Record<string, number>>(cluster, 'list_topics'))
  return topics.filter((topic) => !topic.startsWith('__'))
}
