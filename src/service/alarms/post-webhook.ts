import { packageVersion } from '../../telemetry/package-version.ts'
import { escapeControls } from '../../telemetry/log/escape-controls.ts'
import type { AlarmMessage, Attempt } from './alarm-message.ts'
import { signWebhook } from './sign-webhook.ts'

export interface WebhookTarget {
  readonly url: string
  /** Undefined = not signed. */
  readonly secret: string | undefined
}

const TIMEOUT_MS = 10_000
/** Of an answer that refuses, for who has to find out why. */
const SHOWN_BYTES = 300

/** The body that is sent; docs/alarms.md has a sample. */
export function webhookBody({ delivery, type, at, alarm }: AlarmMessage): string {
  const { id, rule, title, job, severity, state, since, firedAt, resolvedAt, text } = alarm
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
  return JSON.stringify({
    version: 1,
    type,
    delivery,
    at: time(at),
    alarm: {
      id,
      rule,
      title,
      job,
      severity,
      state,
      since: time(since),
      firedAt: time(firedAt),
      resolvedAt: time(resolvedAt),
      text
    }
  })
}

/** One attempt. Redirects are not followed: the receiver is the one that somebody wrote down. Never rejects. */
export async function postWebhook(
  { url, secret }: WebhookTarget,
  message: AlarmMessage,
  {
    now,
    signal,
    timeoutMs = TIMEOUT_MS
  }: { readonly now: number; readonly signal: AbortSignal; readonly timeoutMs?: number }
): Promise<Attempt> {
  const body = webhookBody(message)
  const headers = {
    'content-type': 'application/json',
    'user-agent': `millrace/${packageVersion()}`,
    'millrace-delivery': message.delivery,
    ...(secret !== undefined && { 'millrace-signature': signWebhook(secret, body, now) })
  }
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([timeout, signal])
    })
    return await attemptOf(response)
  } catch (error) {
    if (timeout.aborted) return { ok: false, detail: `No answer within ${timeoutMs / 1000} s.`, retry: true }
    return { ok: false, detail: `The receiver can't be reached: ${causeOf(error)}`, retry: true }
  }
}

async function attemptOf(response: Response): Promise<Attempt> {
  const { status } = response
  if (status >= 200 && status < 300) {
    await response.body?.cancel()
    return { ok: true, detail: `The receiver answered ${status}.`, retry: false }
  }
  if (status >= 300 && status < 400) {
    await response.body?.cancel()
    return { ok: false, detail: `The receiver answered ${status}, and redirects are not followed.`, retry: false }
  }
  const said = escapeControls(await firstBytes(response)).trim()
  const detail = `The receiver answered ${status}${said === '' ? '.' : `: ${said}`}`
  return { ok: false, detail, retry: status === 408 || status === 429 || status >= 500 }
}

async function firstBytes({ body }: Response): Promise<string> {
  const reader = body?.getReader()
  if (reader === undefined) return ''
  let bytes = Buffer.alloc(0)
  while (bytes.length < SHOWN_BYTES) {
    const { done, value } = (await reader.read()) as { readonly done: boolean; readonly value?: Uint8Array }
    if (done || value === undefined) break
    bytes = Buffer.concat([bytes, value])
  }
  await reader.cancel()
  return bytes.subarray(0, SHOWN_BYTES).toString()
}

/** What `fetch` failed for is the cause of its error. */
function causeOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}
