import { noAnswer, readProblem } from './read-problem.ts'
import { csrfToken, sessionEnded } from './session.ts'

export interface RequestOptions {
  readonly body?: unknown
  /** Query parameters; undefined ones are left out, lists are joined by commas. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
  /** The change is meant for this revision. */
  readonly ifRevision?: number
  /** It must not exist yet. */
  readonly ifNew?: boolean
  readonly signal?: AbortSignal
}

const BASE = '/api/v1'

/** Asks the service; fails with RequestFailed. T is what the contract says about this path. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options)
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export async function requestText(path: string, accept: string, options: RequestOptions = {}): Promise<string> {
  return (await send('GET', path, options, accept)).text()
}

async function send(method: string, path: string, options: RequestOptions, accept = 'application/json') {
  const headers: Record<string, string> = { Accept: accept }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.ifRevision !== undefined) headers['If-Match'] = `"${String(options.ifRevision)}"`
  if (options.ifNew) headers['If-None-Match'] = '*'
  const token = csrfToken()
  if (method !== 'GET' && token !== undefined) headers['X-CSRF-Token'] = token

  let response: Response
  try {
    response = await fetch(`${BASE}${path}${queryOf(options.query)}`, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal })
    })
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    throw noAnswer(cause)
  }
  if (response.ok) return response
  if (response.status === 401) sessionEnded()
  throw readProblem(response.status, response.headers.get('content-type') ?? '', await response.text())
}

function queryOf(query: RequestOptions['query']): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === '') continue
    parameters.set(name, typeof value === 'object' ? value.join(',') : String(value))
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`
}
