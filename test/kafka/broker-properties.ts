import { kafkaTraits, type KafkaVersion } from './versions.ts'

export interface Ports {
  readonly client: number
  /** The open listener of the broker itself and of the checker; the client port where nothing protects it. */
  readonly plain: number
  /** KRaft controller, or ZooKeeper. */
  readonly quorum: number
}

export interface BrokerLayout {
  /** 1 is the controller; any other node is a broker that joins it, unless it is one of the voters. */
  readonly nodeId: number
  /** `node@host:port` of each controller; node 1 alone unless given. */
  readonly voters?: string
  readonly version: KafkaVersion
  readonly ports: Ports
  readonly protocol: string
  readonly logDirectory: string
  readonly advertised: string
  readonly overrides: Record<string, string>
}

// One broker, quick to start, nothing created by accident. Retention stays the broker's default; only the check comes often enough to see it.
const COMMON: Record<string, string> = {
  'auto.create.topics.enable': 'false',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'group.initial.rebalance.delay.ms': '0',
  'log.retention.check.interval.ms': '2000'
}

const KRAFT: Record<string, string> = {
  'controller.listener.names': 'CONTROLLER',
  'log.initial.task.delay.ms': '1000',
  // A broker that was killed is let in again only when its session has ended.
  'broker.session.timeout.ms': '4000',
  'broker.heartbeat.interval.ms': '1000'
}

const SHARE_GROUPS: Record<string, string> = {
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'share.coordinator.state.topic.num.partitions': '4'
}

export const ZOOKEEPER_SESSION_MS = 6000

export function brokerProperties(layout: BrokerLayout): string {
  const { nodeId, version, ports, protocol, logDirectory, advertised, overrides } = layout
  const joins = nodeId !== 1 && layout.voters === undefined
  const { zooKeeper } = kafkaTraits(version)
  const open = ports.plain === ports.client
  const listeners = [`CLIENT://127.0.0.1:${ports.client}`]
  const advertisedListeners = [`CLIENT://${advertised}`]
  if (!open) {
    listeners.push(`PLAIN://127.0.0.1:${ports.plain}`)
    advertisedListeners.push(`PLAIN://127.0.0.1:${ports.plain}`)
  }
  if (!zooKeeper && !joins) listeners.push(`CONTROLLER://127.0.0.1:${ports.quorum}`)
  const quorum: Record<string, string> = zooKeeper
    ? {
        'broker.id': '1',
        'zookeeper.connect': `127.0.0.1:${ports.quorum}`,
        'zookeeper.session.timeout.ms': String(ZOOKEEPER_SESSION_MS)
      }
    : {
        ...KRAFT,
        'process.roles': joins ? 'broker' : 'broker,controller',
        'node.id': String(nodeId),
        'controller.quorum.voters': layout.voters ?? `1@127.0.0.1:${ports.quorum}`
      }
  return format({
    ...COMMON,
    ...quorum,
    ...(version === '4.1.0' ? SHARE_GROUPS : {}),
    listeners: listeners.join(','),
    'advertised.listeners': advertisedListeners.join(','),
    'listener.security.protocol.map': `CLIENT:${protocol},PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': open ? 'CLIENT' : 'PLAIN',
    'log.dirs': logDirectory,
    ...overrides
  })
}

export function zooKeeperProperties(port: number, dataDirectory: string): string {
  return format({
    dataDir: dataDirectory,
    clientPort: String(port),
    clientPortAddress: '127.0.0.1',
    tickTime: '1000',
    maxClientCnxns: '0',
    'admin.enableServer': 'false'
  })
}

function format(properties: Record<string, string>): string {
  return (
    Object.entries(properties)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n') + '\n'
  )
}
