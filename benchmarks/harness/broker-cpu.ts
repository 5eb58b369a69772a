import type { KafkaBroker } from '../../test/kafka/start-kafka.ts'

/**
 * User and system time of a broker since now. Of one that has ended, what was last seen: it is ended under our feet when somebody presses
 * Ctrl-C, and otherwise the mirror fails and is told of.
 */
export function brokerCpu(broker: Pick<KafkaBroker, 'cpuSeconds'>): () => number {
  const before = broker.cpuSeconds()
  let seen = 0
  return () => {
    try {
      seen = broker.cpuSeconds() - before
    } catch {
      // No such process.
    }
    return seen
  }
}
