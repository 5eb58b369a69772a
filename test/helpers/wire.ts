import { createServer, type Server, type Socket } from 'node:net'

/* As much of Kafka's protocol as clients need that are to meet what no real broker does when it is asked to. */

export interface WireRequest {
  readonly api: number
  readonly version: number
  /** `client.id`. */
  readonly client: string
  /** What follows on the header (version 1). */
  readonly body: WireReader
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
        const body = this.#answerTo(new WireReader(request))
        socket.write(Buffer.concat([int32(body.length), body]))
      }
    })
  }

  #answerTo(request: WireReader): Buffer {
    const [api, version, correlation] = [request.int16(), request.int16(), request.int32()]
    const client = request.text() ?? ''
    const body = api === API_VERSIONS ? this.#versions(version) : this.#answer({ api, version, client, body: request })
    return Buffer.concat([int32(correlation), body])
  }

  #versions(version: number): Buffer {
    const apis = [...this.#apis, [API_VERSIONS, 0, 0] as const]
    const ranges = apis.map((range) => Buffer.concat(range.map(int16)))
    return Buffer.concat([int16(version === 0 ? 0 : UNSUPPORTED_VERSION), array(ranges)])
  }
}

/** Takes what a request has one after the other. */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int16(): number {
    return this.#bytes.readInt16BE((this.#at += 2) - 2)
  }

  int32(): number {
    return this.#bytes.readInt32BE((this.#at += 4) - 4)
  }

  text(): string | undefined {
    const length = this.int16()
    if (length < 0) return undefined
    return this.#bytes.toString('utf8', this.#at, (this.#at += length))
  }

  bytes(): Buffer {
    const length = this.int32()
    return this.#bytes.subarray(this.#at, (this.#at += length))
  }

  array<T>(read: () => T): T[] {
    return Array.from({ length: this.int32() }, read)
  }
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

export function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])
}

export function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items])
}
