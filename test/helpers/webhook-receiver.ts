import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface WebhookReceiver {
  readonly url: string
  readonly received: readonly ReceivedWebhook[]
  /** Answers so from now on; `silence` = not at all. */
  answer(status: number | 'silence', body?: string, headers?: Readonly<Record<string, string>>): void
  /** Resolves when so many came. */
  until(count: number): Promise<void>
  close(): Promise<void>
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = []
  let waiting: (() => void)[] = []
  let how: { status: number | 'silence'; body: string; headers: Readonly<Record<string, string>> }
  how = { status: 200, body: '', headers: {} }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      for (const check of waiting) check()
      if (how.status === 'silence') return
      response.writeHead(how.status, how.headers)
      response.end(how.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alarms`,
    received,
    answer: (status, body = '', headers = {}) => {
      how = { status, body, headers }
    },
    until: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (received.length < count) return
          waiting = waiting.filter((one) => one !== check)
          resolve()
        }
        waiting.push(check)
        check()
      }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
