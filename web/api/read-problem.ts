import type { Problem } from '../../src/api/contract.ts'
import { RequestFailed } from './request-failed.ts'

/** What a refused answer says; a proxy in between may answer with anything. */
export function readProblem(status: number, contentType: string, body: string): RequestFailed {
  if (contentType.includes('json')) {
    const document = parse(body)
    if (typeof document?.code === 'string' && typeof document.detail === 'string') {
      return new RequestFailed({ title: '', type: '', next: null, ...document, status } as Problem)
    }
  }
  return new RequestFailed(
    {
      type: '',
      title: 'Unexpected answer',
      status,
      code: '',
      detail: `The service answered with status ${String(status)} and nothing that the console understands.`,
      next: 'See whether a proxy stands between this browser and the service, and whether both have the same version.'
    },
    body.slice(0, 4000)
  )
}

export function noAnswer(cause: unknown): RequestFailed {
  return new RequestFailed(
    {
      type: '',
      title: 'No answer',
      status: 0,
      code: '',
      detail: 'The service does not answer.',
      next: 'See whether it still runs (`millrace serve`) and whether this machine reaches it.'
    },
    cause instanceof Error ? cause.message : String(cause)
  )
}

function parse(body: string): Partial<Problem> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
