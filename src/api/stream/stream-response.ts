import type { LogLevel } from '../contract.ts'
import type { ServicePort, Streamed } from '../../service/service-port.ts'
import type { Principal } from '../security/principal.ts'
import type { RequestLimits } from '../security/request-limits.ts'

export interface StreamParts {
  readonly limits: RequestLimits
  /** Aborts when the service ends. */
  readonly closing: AbortSignal
  /** Whether they may still see it: tokens can be revoked and sessions end while a stream is open. */
  readonly isStillIn: (request: Request) => boolean
  readonly heartbeatMs: number
}

export interface StreamQuery {
  readonly jobs?: boolean
  readonly job?: string
  readonly partitions?: boolean
  readonly log?: LogLevel
  readonly lastEventId?: string
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // Of proxies in between: nginx would collect it.
  'X-Accel-Buffering': 'no'
}
/** How soon a browser that lost the connection tries again. */
const RETRY_MS = 2000

/**
 * Server-sent events. What is not read waits at the service, which forgets it and says `reset` when it gets too much:
 * nothing piles up here, because the next message is asked for only when the last one has gone into the connection.
 */
export async function streamResponse(
  service: ServicePort,
  query: StreamQuery,
  principal: Principal,
  request: Request,
  { limits, closing, isStillIn, heartbeatMs }: StreamParts
): Promise<Response> {
  // A job that is not there is an answer, not an empty stream.
  if (query.job !== undefined) await service.jobs.get(query.job)
  // Nobody reads the body of such an answer, so nothing would ever end the stream.
  if (request.method === 'HEAD') return new Response(null, { headers: HEADERS })
  const leave = limits.enter(principal.name, 'streams')
  const gone = new AbortController()
  const lastEventId = request.headers.get('last-event-id') ?? query.lastEventId
  const messages = service
    .stream(
      {
        jobs: query.jobs === true,
        partitions: query.partitions === true,
        ...(query.job !== undefined && { job: query.job }),
        ...(query.log !== undefined && { log: query.log }),
        ...(lastEventId !== undefined && { lastEventId })
      },
      gone.signal
    )
    [Symbol.asyncIterator]()
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    closing.removeEventListener('abort', end)
    request.signal.removeEventListener('abort', end)
    gone.abort()
    leave()
    // It ends by the signal; a rejection on the way there is of no interest to anybody.
    messages.return?.().catch(() => undefined)
  }
  closing.addEventListener('abort', end)
  request.signal.addEventListener('abort', end)

  let next: Promise<IteratorResult<Streamed>> | undefined
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`)),
      async pull(controller) {
        try {
          next ??= messages.next()
          const result = await firstOf(next, heartbeatMs, gone.signal)
          const isSilence = result === 'silence'
          // Asked each time: of a job that runs something comes every second, and silence never.
          if (ended || (!isSilence && result.done === true) || !isStillIn(request)) {
            end()
            controller.close()
            return
          }
          if (!isSilence) next = undefined
          controller.enqueue(encoder.encode(isSilence ? ': still here\n\n' : eventText(result.value)))
        } catch (error) {
          end()
          controller.error(error)
        }
      },
      cancel: end
    },
    { highWaterMark: 1 }
  )
  return new Response(body, { headers: HEADERS })
}

const DONE: IteratorResult<Streamed> = { done: true, value: undefined }

/** The next message, `silence` after a while, or the end when the signal aborts. */
async function firstOf(
  next: Promise<IteratorResult<Streamed>>,
  milliseconds: number,
  signal: AbortSignal
): Promise<IteratorResult<Streamed> | 'silence'> {
  if (signal.aborted) return DONE
  let timer: NodeJS.Timeout | undefined
  let aborted: (() => void) | undefined
  const other = new Promise<IteratorResult<Streamed> | 'silence'>((resolve) => {
    timer = setTimeout(() => resolve('silence'), milliseconds)
    aborted = () => resolve(DONE)
    signal.addEventListener('abort', aborted)
  })
  try {
    return await Promise.race([next, other])
  } finally {
    clearTimeout(timer)
    if (aborted !== undefined) signal.removeEventListener('abort', aborted)
  }
}

/** JSON has no line breaks of its own, and an id none either. */
function eventText({ id, message }: Streamed): string {
  return `id: ${id}\nevent: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`
}
