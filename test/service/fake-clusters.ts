import type { ClusterTopic } from '../../src/api/contract.ts'
import type { ClusterConfig, JobConfig } from '../../src/config/job-config.ts'
import type { StageResult } from '../../src/control/check-connection.ts'
import type { PartitionPlan, Plan } from '../../src/control/plan-types.ts'
import { topicSelection } from '../../src/mapping/topic-selection.ts'
import { mapTopics } from '../../src/mapping/map-topics.ts'
import type { ClusterQuestions, LiteralSecrets } from '../../src/service/process/cluster-questions.ts'

const MEMORY = {
  total: 0,
  supervisor: 0,
  workers: 1,
  workerBase: 0,
  consumerQueue: 0,
  fetchBuffers: 0,
  inFlight: 0,
  producerOverhead: 0
}

/** Two clusters that answer what a test says; the source has three topics of two partitions, 100 records each. */
export class FakeClusters implements ClusterQuestions {
  topicNames = ['orders', 'payments', 'users']
  /** Where the group has committed in every partition; undefined = nowhere. */
  committed: number | undefined
  failure: StageResult | undefined
  refusals: Plan['refusals'] = []
  /** Plans are not answered before. */
  answering: Promise<void> = Promise.resolve()
  readonly asked: { readonly what: string; readonly cluster?: ClusterConfig; readonly literal?: LiteralSecrets }[] = []

  async test(cluster: ClusterConfig, literal: LiteralSecrets): Promise<readonly StageResult[]> {
    this.asked.push({ what: 'test', cluster, literal })
    return await Promise.resolve([this.failure ?? stage('source')])
  }

  async topics(cluster: ClusterConfig): Promise<readonly ClusterTopic[]> {
    this.asked.push({ what: 'topics', cluster })
    const topics = this.topicNames.map((name) => ({
      name,
      partitions: 2,
      replicationFactor: 1,
      records: 200,
      internal: false
    }))
    return await Promise.resolve(topics)
  }

  async check(): Promise<readonly StageResult[]> {
    this.asked.push({ what: 'check' })
    return await Promise.resolve(this.failure === undefined ? [stage('source'), stage('target')] : [this.failure])
  }

  async plan(config: JobConfig, { reset }: { readonly reset: boolean }): Promise<Plan> {
    this.asked.push({ what: reset ? 'plan with reset' : 'plan' })
    await this.answering
    const selection = topicSelection(config.topics)
    const chosen = this.topicNames.filter((name) => selection.includes(name))
    const { committed } = this
    const start = committed !== undefined && !reset ? committed : config.start.from === 'latest' ? 100 : 0
    const partitions: PartitionPlan[] = [0, 1].map((partition) => ({
      partition,
      logStart: 0,
      end: 100,
      committed,
      start,
      startReason: 'earliest',
      stop: undefined,
      records: 100 - start
    }))
    return await Promise.resolve({
      job: config.name,
      policy: config.partitions,
      source: { clusterId: 'source-id', brokers: 1, groupId: config.source.groupId },
      target: { clusterId: 'target-id', brokers: 1 },
      progress: committed === undefined ? 'fresh' : reset ? 'reset' : 'resume',
      topics: mapTopics(chosen, config.topics).topics.map(({ source, target }) => ({
        source,
        target,
        sourcePartitions: 2,
        targetPartitionsNow: 0,
        targetPartitions: 2,
        action: 'create',
        replicationFactor: 1,
        configs: {},
        orderKept: true,
        partitions
      })),
      memory: MEMORY,
      producerBatchBytes: 1,
      refusals: this.refusals,
      warnings: []
    } satisfies Plan)
  }

  async close(): Promise<void> {
    await Promise.resolve()
  }
}

function stage(cluster: 'source' | 'target'): StageResult {
  return {
    cluster,
    stage: 'dns',
    ok: true,
    detail: 'found',
    next: undefined,
    code: undefined,
    kind: undefined,
    milliseconds: 1
  }
}
