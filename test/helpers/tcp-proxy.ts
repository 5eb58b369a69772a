import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface LineQuality {
  /** Of one direction: a round trip takes twice as long. */
  readonly delayMs: number
  /** Of one direction, all connections together; Infinity = no limit. */
  readonly bytesPerSecond: number
  /** What comes from the broker is thrown away, and nobody is told. */
  readonly dropReplies: boolean
  /** Nothing moves any more in either direction; new connections are taken and get no answer, as over a cut line. */
  readonly cut: boolean
}

const OPEN_LINE: LineQuality = { delayMs: 0, bytesPerSecond: Infinity, dropReplies: false, cut: false }
/** A slow line is paced in pieces of this size at most. */
const PIECE_BYTES = 8 * 1024

/**
 * A TCP relay in front of a broker, for what networks do. The broker must advertise its address.
 *
 * Invariant: bytes of one direction of a connection leave in the order in which they came; after `stop` no socket is open.
 */
export class TcpProxy {
  readonly port: number
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  readonly #upstreamPort: () => number
  #line = OPEN_LINE
  #wakeUp: (() => void)[] = []
  /** When the line is free for the next byte, by direction. */
  readonly #free = { up: 0, down: 0 }

  private constructor(server: Server, port: number, upstreamPort: () => number) {
    this.#server = server
    this.port = port
    this.#upstreamPort = upstreamPort
    server.on('connection', (client) => this.#accept(client))
  }

  /** The broker may be started afterwards: its port is asked for by each connection. */
  static async start(upstreamPort: () => number): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
    return new TcpProxy(server, address.port, upstreamPort)
  }

  /** From now on, for connections that are open as well. */
  set(line: Partial<LineQuality>): void {
    this.#line = { ...OPEN_LINE, ...line }
    if (this.#line.cut) return
    for (const wake of this.#wakeUp.splice(0)) wake()
  }

  /** Ends every connection with RST. */
  resetAll(): void {
    for (const connection of this.#connections) connection.reset()
  }

  /**
   * The broker's end of every connection is gone, and the client is not told: half-open connections. New ones work.
   */
  loseBrokerEnds(): void {
    for (const connection of this.#connections) connection.loseBroker()
  }

  async stop(): Promise<void> {
    this.set({})
    this.resetAll()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    const connection = new Connection(client, connect({ port: this.#upstreamPort(), host: '127.0.0.1' }), {
      pass: async (direction, bytes) => await this.#pass(direction, bytes),
      onEnd: () => this.#connections.delete(connection)
    })
    this.#connections.add(connection)
  }

  /** Waits for as long as these bytes take; false = they are lost. */
  async #pass(direction: 'up' | 'down', bytes: number): Promise<boolean> {
    while (this.#line.cut) await new Promise<void>((resolve) => this.#wakeUp.push(resolve))
    if (direction === 'down' && this.#line.dropReplies) return false
    const { delayMs, bytesPerSecond } = this.#line
    const now = performance.now()
    const takes = Number.isFinite(bytesPerSecond) ? (bytes / bytesPerSecond) * 1000 : 0
    this.#free[direction] = Math.max(now, this.#free[direction]) + takes
    const wait = this.#free[direction] - now + delayMs
    if (wait >= 1) await sleep(wait)
    return true
  }
}

interface Relay {
  pass(direction: 'up' | 'down', bytes: number): Promise<boolean>
  onEnd(): void
}

class Connection {
  readonly #client: Socket
  readonly #broker: Socket
  readonly #relay: Relay
  #lost = false
  /** A reply was dropped. What follows on this connection would not be understood, and is dropped as well. */
  #mute = false

  constructor(client: Socket, broker: Socket, relay: Relay) {
    this.#client = client
    this.#broker = broker
    this.#relay = relay
    for (const socket of [client, broker]) socket.setNoDelay(true)
    this.#forward(client, broker, 'up')
    this.#forward(broker, client, 'down')
    client.on('error', () => this.reset())
    client.on('close', () => this.reset())
    broker.on('error', () => this.#lost || this.reset())
    broker.on('close', () => this.#lost || this.reset())
  }

  reset(): void {
    this.#client.resetAndDestroy()
    this.#broker.destroy()
    this.#relay.onEnd()
  }

  loseBroker(): void {
    this.#lost = true
    this.#broker.destroy()
    // What the client still sends is taken and goes nowhere.
    this.#client.resume()
  }

  #forward(from: Socket, to: Socket, direction: 'up' | 'down'): void {
    // One piece after the other is asked for, and each has its own delay: the order is that of the timers' chain.
    let last = Promise.resolve()
    let underway = 0
    const ended = new Promise<void>((resolve) => from.on('end', resolve))
    from.on('data', (chunk: Buffer) => {
      if (this.#lost) return
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const piece = chunk.subarray(at, at + PIECE_BYTES)
        underway += piece.length
        if (underway > 32 * PIECE_BYTES) from.pause()
        const arrived = this.#relay.pass(direction, piece.length)
        last = last.then(async () => {
          const passed = await arrived
          underway -= piece.length
          if (underway <= 16 * PIECE_BYTES) from.resume()
          if (!passed) this.#mute = true
          if (this.#lost || (direction === 'down' && this.#mute) || to.destroyed) return
          to.write(piece)
        })
      }
    })
    void ended.then(() => last).then(() => !this.#lost && to.end())
  }
}
