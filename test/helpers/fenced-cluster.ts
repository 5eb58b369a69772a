import { array, int16, int32, string } from '../../src/cli/serve/demo/kafka-bytes.ts'
import { FIND_COORDINATOR, METADATA, WireServer, type WireRequest } from './wire.ts'

const COORDINATOR_NOT_AVAILABLE = 15
const LEADER_NOT_AVAILABLE = 5

/** One broker that can be fenced: it goes on answering, and tells of topics but of no broker, not even of itself. */
export class FencedCluster {
  fenced = false
  /** Since the last `forget()`: clients by `client.id` to which it has named a broker. */
  readonly told = new Set<string>()
  #server: WireServer | undefined

  static async start(): Promise<FencedCluster> {
    const cluster = new FencedCluster()
    const apis = [
      [METADATA, 1, 1],
      [FIND_COORDINATOR, 0, 0]
    ] as const
    cluster.#server = await WireServer.start(apis, (request) => cluster.#answer(request))
    return cluster
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.#port}`
  }

  forget(): void {
    this.told.clear()
  }

  async stop(): Promise<void> {
    await this.#server?.stop()
  }

  get #port(): number {
    return this.#server?.port ?? 0
  }

  #answer({ api, client }: WireRequest): Buffer {
    if (api === FIND_COORDINATOR) {
      return Buffer.concat([int16(COORDINATOR_NOT_AVAILABLE), int32(-1), string(''), int32(-1)])
    }
    if (api !== METADATA) throw new Error(`request ${api} is not known`)
    if (!this.fenced) this.told.add(client)
    const rack = int16(-1)
    const self = Buffer.concat([int32(1), string('127.0.0.1'), int32(this.#port), rack])
    const leader = this.fenced ? -1 : 1
    const partition = Buffer.concat([
      int16(this.fenced ? LEADER_NOT_AVAILABLE : 0),
      int32(0),
      int32(leader),
      array([int32(1)]),
      array(this.fenced ? [] : [int32(1)])
    ])
    const topic = Buffer.concat([int16(0), string('t'), Buffer.from([0]), array([partition])])
    return Buffer.concat([array(this.fenced ? [] : [self]), int32(leader), array([topic])])
  }
}
