import { freePort } from '../helpers/free-port.ts'
import { randomClusterId } from './install-kafka.ts'
import { startKafka, type KafkaBroker, type KafkaOptions } from './start-kafka.ts'

const NODES = [1, 2, 3] as const

/** What is kept three times, and written as long as two are there. */
const REPLICATED: Record<string, string> = {
  'default.replication.factor': '3',
  'min.insync.replicas': '2',
  'offsets.topic.replication.factor': '3',
  'transaction.state.log.replication.factor': '3',
  'transaction.state.log.min.isr': '2',
  // Leaders move back soon to those who were away.
  'leader.imbalance.check.interval.seconds': '5',
  'replica.lag.time.max.ms': '4000'
}

/** Three brokers that are controllers as well: any one of them can go. */
export interface KafkaCluster {
  readonly brokers: readonly KafkaBroker[]
  readonly bootstrapServers: string
  readonly plainBootstrapServers: string
  broker(nodeId: number): KafkaBroker
  /** Sends a signal to all of them. */
  kill(signal: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
}

export async function startCluster(options: Omit<KafkaOptions, 'directory' | 'joins' | 'seat'>): Promise<KafkaCluster> {
  const clusterId = randomClusterId()
  const ports: number[] = []
  for (const _node of NODES) ports.push(await freePort())
  const voters = NODES.map((node, index) => `${node}@127.0.0.1:${ports[index]}`).join(',')
  const started = await Promise.allSettled(
    NODES.map((nodeId, index) =>
      startKafka({
        heapMb: 384,
        ...options,
        configs: { ...REPLICATED, ...options.configs },
        seat: { nodeId, clusterId, voters, quorumPort: ports[index] ?? 0 }
      })
    )
  )
  const brokers = started.flatMap((broker) => (broker.status === 'fulfilled' ? [broker.value] : []))
  const stop = async (): Promise<void> => {
    await Promise.all(brokers.map((broker) => broker.stop()))
  }
  const failed = started.find((broker) => broker.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  return {
    brokers,
    bootstrapServers: brokers.map(({ bootstrapServers }) => bootstrapServers).join(','),
    plainBootstrapServers: brokers.map(({ plainBootstrapServers }) => plainBootstrapServers).join(','),
    broker(nodeId) {
      const broker = brokers[nodeId - 1]
      if (!broker) throw new Error(`there is no broker ${nodeId}`)
      return broker
    },
    async kill(signal) {
      await Promise.all(brokers.map((broker) => broker.kill(signal)))
    },
    stop
  }
}
