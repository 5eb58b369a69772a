import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'
import { EMBEDDED_PARTITIONS, type EmbeddedCluster } from '../../../client/embedded-cluster.ts'
import { answerCreateTopics, answerDescribeConfigs } from './answer-admin.ts'
import { API, addOwnRequests, pointCoordinator, pointMetadata } from './patch-responses.ts'

/** Of one message; the cluster takes 1 MiB records. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * A door in front of an embedded cluster. librdkafka's mock cluster moves records and keeps groups, but knows no topic
 * configurations and creates no topics by request; both is answered here, everything else goes through. So a job plans
 * and runs on it as on any cluster.
 *
 * Invariant: an answer belongs to the request with its correlation id; who asks without listening is not read further.
 */
export class AdminDoor {
  readonly #server: Server
  readonly #cluster: EmbeddedCluster
  readonly #sockets = new Set<Socket>()
  readonly #topics = new Set<string>()

  private constructor(server: Server, cluster: EmbeddedCluster) {
    this.#server = server
    this.#cluster = cluster
  }

  /** @param topics those that the cluster has */
  static async open(cluster: EmbeddedCluster, topics: readonly string[]): Promise<AdminDoor> {
    const server = createServer({ noDelay: true })
    const door = new AdminDoor(server, cluster)
    for (const topic of topics) door.#topics.add(topic)
    server.on('connection', (client) => door.#pass(client))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    return door
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()))
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  #pass(client: Socket): void {
    const [host = '', port = ''] = this.#cluster.bootstrapServers.split(':')
    const cluster = connect({ host, port: Number(port), noDelay: true })
    const asked = new Map<number, { readonly key: number; readonly version: number }>()
    for (const [socket, other] of [
      [client, cluster],
      [cluster, client]
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
      socket.on('drain', () => other.resume())
    }
    const send = (to: Socket, from: Socket, message: Buffer): void => {
      const size = Buffer.alloc(4)
      size.writeInt32BE(message.length)
      to.write(size)
      if (!to.write(message)) from.pause()
    }
    onMessages(client, (request) => {
      const key = request.readInt16BE(0)
      if (key === API.describeConfigs) return send(client, cluster, answerDescribeConfigs(request))
      if (key === API.createTopics) {
        void answerCreateTopics(request, EMBEDDED_PARTITIONS, (topic) => this.#create(topic)).then(
          (answer) => send(client, cluster, answer),
          () => client.destroy()
        )
        return undefined
      }
      asked.set(request.readInt32BE(4), { key, version: request.readInt16BE(2) })
      return send(cluster, client, request)
    })
    onMessages(cluster, (answer) => {
      const correlation = answer.readInt32BE(0)
      const question = asked.get(correlation)
      asked.delete(correlation)
      send(client, cluster, this.#changed(answer, question?.key, question?.version ?? 0))
    })
  }

  #changed(answer: Buffer, key: number | undefined, version: number): Buffer {
    if (key === API.apiVersions) return addOwnRequests(answer)
    if (key === API.metadata) return pointMetadata(answer, version, this.#port)
    return key === API.findCoordinator ? pointCoordinator(answer, version, this.#port) : answer
  }

  async #create(topic: string): Promise<boolean> {
    if (this.#topics.has(topic)) return false
    await this.#cluster.createTopic(topic)
    this.#topics.add(topic)
    return true
  }
}

/** Kafka's messages: four bytes of length, then so many. What can't be read ends the connection. */
function onMessages(socket: Socket, handle: (message: Buffer) => void): void {
  let chunks: Buffer[] = []
  let held = 0
  let wanted = 4
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    held += chunk.length
    if (held < wanted) return
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks)
    try {
      for (wanted = 4; bytes.length >= 4; bytes = bytes.subarray(wanted), wanted = 4) {
        wanted = 4 + bytes.readInt32BE(0)
        if (wanted < 4 || wanted > MOST_BYTES) throw new RangeError('no Kafka message has this length')
        if (bytes.length < wanted) break
        handle(bytes.subarray(4, wanted))
      }
    } catch {
      socket.destroy()
    }
    chunks = bytes.length === 0 ? [] : [bytes]
    held = bytes.length
  })
}
