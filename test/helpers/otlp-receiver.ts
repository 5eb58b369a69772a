import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface OtlpRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Parsed where it is JSON. */
  readonly body: unknown
  readonly raw: Buffer
}

export interface OtlpReceiver {
  /** http://127.0.0.1:PORT */
  readonly url: string
  readonly requests: readonly OtlpRequest[]
  /** Answers with this status from now on. */
  refuse(status: number): void
  close(): Promise<void>
}

/** A collector on loopback that keeps what it gets and accepts everything. Port 0 = any. */
export async function startOtlpReceiver(port = 0): Promise<OtlpReceiver> {
  const requests: OtlpRequest[] = []
  let status = 200
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks)
      const isJson = request.headers['content-type']?.includes('json') === true
      const body: unknown = isJson ? JSON.parse(raw.toString()) : undefined
      requests.push({ path: request.url ?? '', headers: request.headers, body, raw })
      response.writeHead(status, { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' })
      response.end(isJson ? '{}' : '')
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    refuse: (refused) => {
      status = refused
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
