import { createServer, type Server, type Socket } from 'node:net'

/*
 * As much of Kafka's protocol as a client needs to learn which brokers there are: ApiVersions 0, Metadata 1 and
 * FindCoordinator 0.
 */

const METADATA = 3
const FIND_COORDINATOR = 10
const API_VERSIONS = 18
const UNSUPPORTED_VERSION = 35
const COORDINATOR_NOT_AVAILABLE = 15
const LEADER_NOT_AVAILABLE = 5

/** One broker that can be fenced: it goes on answering, and tells of topics but of no broker, not even of itself. */
export class FencedCluster {
  readonly bootstrapServers: string
  fenced = false
  /** Since the last `forget()`: clients by `client.id` to which it has named a broker. */
  readonly told = new Set<string>()
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #port: number

  private constructor(server: Server, port: number) {
    this.#server = server
    this.#port = port
    this.bootstrapServers = `127.0.0.1:${port}`
    server.on('connection', (socket) => this.#accept(socket))
  }

  static async start(): Promise<FencedCluster> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the broker has no port')
    return new FencedCluster(server, address.port)
  }

  forget(): void {
    this.told.clear()
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => undefined)
    let pending = Buffer.alloc(0)
    socket.on('data', (data) => {
      pending = Buffer.concat([pending, data])
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const request = pending.subarray(4, 4 + pending.readInt32BE(0))
        pending = pending.subarray(4 + request.length)
        socket.write(this.#answer(request))
      }
    })
  }

  #answer(request: Buffer): Buffer {
    const [api, version, correlation] = [request.readInt16BE(0), request.readInt16BE(2), request.readInt32BE(4)]
    const client = request.toString('utf8', 10, 10 + Math.max(0, request.readInt16BE(8)))
    const body = Buffer.concat([int32(correlation), this.#bodyOf(api, version, client)])
    return Buffer.concat([int32(body.length), body])
  }

  #bodyOf(api: number, version: number, client: string): Buffer {
    if (api === API_VERSIONS) {
      const apis = [
        [METADATA, 1, 1],
        [FIND_COORDINATOR, 0, 0],
        [API_VERSIONS, 0, 0]
      ]
      const ranges = apis.map((range) => Buffer.concat(range.map(int16)))
      return Buffer.concat([int16(version === 0 ? 0 : UNSUPPORTED_VERSION), array(ranges)])
    }
    if (api === FIND_COORDINATOR) {
      return Buffer.concat([int16(COORDINATOR_NOT_AVAILABLE), int32(-1), text(''), int32(-1)])
    }
    if (api !== METADATA) throw new Error(`request ${api} is not known`)
    if (!this.fenced) this.told.add(client)
    const rack = int16(-1)
    const self = Buffer.concat([int32(1), text('127.0.0.1'), int32(this.#port), rack])
    const leader = this.fenced ? -1 : 1
    const partition = Buffer.concat([
      int16(this.fenced ? LEADER_NOT_AVAILABLE : 0),
      int32(0),
      int32(leader),
      array([int32(1)]),
      array(this.fenced ? [] : [int32(1)])
    ])
    const topic = Buffer.concat([int16(0), text('t'), Buffer.from([0]), array([partition])])
    return Buffer.concat([array(this.fenced ? [] : [self]), int32(leader), array([topic])])
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])
}

function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items])
}
