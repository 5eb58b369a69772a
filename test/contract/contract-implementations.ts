import { brokersAvailable } from '../kafka/brokers-available.ts'
import type { ContractImplementation } from './contract-cluster.ts'
import { startInMemoryCluster } from './in-memory-cluster.ts'
import { startBrokerCluster, startMockCluster } from './librdkafka-cluster.ts'

const brokers = await brokersAvailable()

/** Every implementation of the ports, to be held to the same contract. */
export const CONTRACT_IMPLEMENTATIONS: readonly ContractImplementation[] = [
  { name: 'in memory', isFullBroker: true, unavailable: undefined, start: startInMemoryCluster },
  { name: 'librdkafka, mock cluster', isFullBroker: false, unavailable: undefined, start: startMockCluster },
  {
    name: 'librdkafka, Kafka 3.9.1',
    isFullBroker: true,
    unavailable: brokers.available ? undefined : brokers.reason,
    start: startBrokerCluster
  }
]
