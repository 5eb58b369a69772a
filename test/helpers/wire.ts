import { createServer, type Server, type Socket } from 'node:net'
import { array, int16, int32, ReadBytes } from '../../src/cli/serve/demo/kafka-bytes.ts'

/* As much of Kafka's protocol as clients need that are to meet what no real broker does when it is asked to. */

export interface WireRequest {
  readonly api: number
  readonly version: number
  /** `client.id`. */
  readonly client: string
  /** What follows on the header (version 1). */
  readonly body: ReadBytes
}

export const PRODUCE = 0
export const FETCH = 1
export const METADATA = 3
export const FIND_COORDINATOR = 10
export const API_VERSIONS = 18
export const INIT_PRODUCER_ID = 22

const UNSUPPORTED_VERSION = 35

type ApiRange = readonly [api: number, first: number, last: number]
type Answer = (request: WireRequest) => Buffer

/** A port that answers like a broker. Requests for ApiVersions it answers by itself. */
export class WireServer {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #apis: readonly ApiRange[]
  readonly #answer: Answer

  private constructor(server: Server, port: number, apis: readonly ApiRange[], answer: Answer) {
    this.#server = server
    this.port = port
    this.#apis = apis
    this.#answer = answer
    server.on('connection', (socket) => this.#accept(socket))
  }

  /** @param answer the body of the answer, without its header (version 0) */
  static async start(apis: readonly ApiRange[], answer: Answer): Promise<WireServer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the broker has no port')
    return new WireServer(server, address.port, apis, answer)
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
        const body = this.#answerTo(new ReadBytes(request))
        socket.write(Buffer.concat([int32(body.length), body]))
      }
    })
  }

  #answerTo(request: ReadBytes): Buffer {
    const [api, version, correlation] = [request.int16(), request.int16(), request.int32()]
    const client = request.string()
    const body = api === API_VERSIONS ? this.#versions(version) : this.#answer({ api, version, client, body: request })
    return Buffer.concat([int32(correlation), body])
  }

  #versions(version: number): Buffer {
    const apis = [...this.#apis, [API_VERSIONS, 0, 0] as const]
    const ranges = apis.map((range) => Buffer.concat(range.map(int16)))
    return Buffer.concat([int16(version === 0 ? 0 : UNSUPPORTED_VERSION), array(ranges)])
  }
}

export function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}
