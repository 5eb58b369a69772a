import { array, int16, int32, string, type ReadBytes } from '../../src/cli/serve/demo/kafka-bytes.ts'
import { FETCH, INIT_PRODUCER_ID, int64, METADATA, PRODUCE, WireServer, type WireRequest } from './wire.ts'

const COORDINATOR_LOAD_IN_PROGRESS = 14

/**
 * Two brokers with a partition each of whatever topic is asked for, that give producers no id until they are told to,
 * as a cluster that has just started. They keep nothing of what they acknowledge.
 */
export class LateIdCluster {
  givesIds = false
  /** Acknowledged batches, by partition. */
  readonly produced = [0, 0]
  readonly #servers: WireServer[] = []

  static async start(): Promise<LateIdCluster> {
    const cluster = new LateIdCluster()
    const apis = [
      [PRODUCE, 3, 3],
      // Without it librdkafka takes the broker for one that knows no record batches.
      [FETCH, 4, 4],
      [METADATA, 1, 1],
      [INIT_PRODUCER_ID, 0, 0]
    ] as const
    for (const _ of cluster.produced) {
      cluster.#servers.push(await WireServer.start(apis, (request) => cluster.#answer(request)))
    }
    return cluster
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.#servers[0]?.port ?? 0}`
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) await server.stop()
  }

  #answer(request: WireRequest): Buffer {
    if (request.api === METADATA) return this.#metadata(request)
    if (request.api === PRODUCE) return this.#acknowledge(request)
    if (request.api !== INIT_PRODUCER_ID) throw new Error(`request ${request.api} is not known`)
    const code = this.givesIds ? 0 : COORDINATOR_LOAD_IN_PROGRESS
    return Buffer.concat([int32(0), int16(code), int64(this.givesIds ? 1 : -1), int16(this.givesIds ? 0 : -1)])
  }

  #metadata({ body }: WireRequest): Buffer {
    const noRack = int16(-1)
    const brokers = this.#servers.map(({ port }, index) =>
      Buffer.concat([int32(index + 1), string('127.0.0.1'), int32(port), noRack])
    )
    const partitions = this.#servers.map((_, index) => {
      const replicas = array([int32(index + 1)])
      return Buffer.concat([int16(0), int32(index), int32(index + 1), replicas, replicas])
    })
    const topics = each(body, () =>
      Buffer.concat([int16(0), string(body.string()), Buffer.from([0]), array(partitions)])
    )
    return Buffer.concat([array(brokers), int32(1), array(topics)])
  }

  #acknowledge({ body }: WireRequest): Buffer {
    // transactional.id, acks, time-out
    body.string()
    body.int16()
    body.int32()
    const topics = each(body, () => {
      const name = body.string()
      const partitions = each(body, () => {
        const partition = body.int32()
        body.at += body.length()
        const offset = this.produced[partition] ?? 0
        this.produced[partition] = offset + 1
        return Buffer.concat([int32(partition), int16(0), int64(offset), int64(-1)])
      })
      return Buffer.concat([string(name), array(partitions)])
    })
    return Buffer.concat([array(topics), int32(0)])
  }
}

function each(body: ReadBytes, answer: () => Buffer): Buffer[] {
  return Array.from({ length: body.length() }, answer)
}
