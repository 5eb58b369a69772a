import { type IncomingMessage, type RequestOptions, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { Problem } from '../../api/contract.ts'
import { errorOfProblem, noService, notAService } from './service-errors.ts'
import { type ServerEvent, readServerEvents } from './read-server-events.ts'

export interface ServiceAddress {
  readonly url: string
  readonly token: string
  /** PEM, for a certificate that the system does not trust. */
  readonly ca?: string
}

export interface AskOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer<T> {
  readonly status: number
  readonly etag: string | undefined
  readonly value: T
}

/** Plans and tests ask clusters first. */
const ANSWER_MS = 120_000
const MOST_BYTES = 64 * 1024 * 1024

/** /api/v1 of a job service. Refusals are thrown as what they were there. */
export class ServiceClient {
  readonly #address: ServiceAddress

  constructor(address: ServiceAddress) {
    this.#address = address
  }

  async ask<T>(method: string, path: string, { body, headers = {} }: AskOptions = {}): Promise<Answer<T>> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const response = await this.#send(method, path, {
      headers: { ...headers, ...(text !== undefined && { 'Content-Type': 'application/json' }) },
      ...(text !== undefined && { text }),
      timeout: ANSWER_MS
    })
    const status = response.statusCode ?? 0
    const said = await readAll(response)
    if (status >= 400) throw this.#refusal(status, said)
    const { etag } = response.headers
    return { status, etag, value: (status === 204 ? undefined : this.#parse(said)) as T }
  }

  /** undefined where there is nothing. */
  async find<T>(path: string): Promise<Answer<T> | undefined> {
    try {
      return await this.ask<T>('GET', path)
    } catch (error) {
      if ((error as { code?: unknown }).code === 'MR_SERVICE_NOT_FOUND') return undefined
      throw error
    }
  }

  /** The events of a stream until it ends or the signal aborts. */
  async *stream(path: string, signal: AbortSignal, lastEventId?: string): AsyncGenerator<ServerEvent> {
    const headers = { Accept: 'text/event-stream', ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }) }
    const response = await this.#send('GET', path, { headers, signal })
    const status = response.statusCode ?? 0
    if (status >= 400) throw this.#refusal(status, await readAll(response))
    try {
      yield* readServerEvents(response)
    } catch (error) {
      if (!signal.aborted) throw noService(this.#address.url, error as Error)
    } finally {
      response.destroy()
    }
  }

  async #send(
    method: string,
    path: string,
    options: RequestOptions & { readonly text?: string }
  ): Promise<IncomingMessage> {
    const { url, token, ca } = this.#address
    const { text, headers, ...rest } = options
    const whole = new URL(`/api/v1${path}`, url)
    const send = whole.protocol === 'https:' ? tlsRequest : plainRequest
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(
        whole,
        { ...rest, method, headers: { ...headers, Authorization: `Bearer ${token}` }, ...(ca !== undefined && { ca }) },
        resolve
      )
      request.on('timeout', () => request.destroy(new Error('it does not answer in time')))
      request.on('error', (error) => reject(options.signal?.aborted === true ? error : noService(url, error)))
      request.end(text)
    })
  }

  #refusal(status: number, said: string): Error {
    const problem = this.#parse(said) as Partial<Problem> | undefined
    if (typeof problem?.code !== 'string') return notAService(this.#address.url, `it says ${status} without a code`)
    return errorOfProblem(problem as Problem)
  }

  #parse(said: string): unknown {
    try {
      return JSON.parse(said) as unknown
    } catch {
      throw notAService(this.#address.url, 'it does not say JSON')
    }
  }
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
