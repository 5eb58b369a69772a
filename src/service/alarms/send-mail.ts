import { createTransport } from 'nodemailer'
import { escapeControls } from '../../telemetry/log/escape-controls.ts'
import type { AlarmMessage, Attempt } from './alarm-message.ts'
import { headline } from './alarm-message.ts'

export interface MailTarget {
  readonly host: string
  readonly port: number
  readonly tls: 'none' | 'starttls' | 'tls'
  readonly username: string | null
  readonly password: string | undefined
  readonly from: string
  readonly to: readonly string[]
}

const TIMEOUT_MS = 15_000

/** One attempt. Never rejects. */
export async function sendMail(
  target: MailTarget,
  message: AlarmMessage,
  { timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {}
): Promise<Attempt> {
  const { host, port, tls, username, password, from, to } = target
  const transport = createTransport({
    host,
    port,
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(username !== null && { auth: { user: username, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A message is text of ours; nothing in it may make a mail read files or pages.
    disableFileAccess: true,
    disableUrlAccess: true
  })
  try {
    const { response } = await transport.sendMail({
      from,
      to: [...to],
      subject: `[millrace] ${headline(message)}`,
      text: mailText(message),
      messageId: `<${message.delivery}@millrace>`,
      headers: { 'X-Millrace-Delivery': message.delivery, 'Auto-Submitted': 'auto-generated' }
    })
    return { ok: true, detail: `The mail server answered ${response}`, retry: false }
  } catch (error) {
    const {
      message: why,
      responseCode,
      code
    } = error as Error & {
      readonly responseCode?: number
      readonly code?: string
    }
    // 5yz: it will say the same again. Credentials are not tried again by themselves: that locks accounts.
    const isFinal = code === 'EAUTH' || (responseCode !== undefined && responseCode >= 500)
    return { ok: false, detail: `The mail server did not take it: ${why}`, retry: !isFinal }
  } finally {
    transport.close()
  }
}

function mailText({ type, at, alarm }: AlarmMessage): string {
  const time = (ms: number): string => new Date(ms).toISOString()
  const lines = [
    type === 'test' ? 'This is a test: nothing is wrong.' : alarm.text,
    '',
    `Alarm:    ${escapeControls(alarm.title)} (rule ${alarm.rule}, number ${alarm.id})`,
    `Job:      ${alarm.job}`,
    `Severity: ${alarm.severity}`,
    `Since:    ${time(alarm.since)}`,
    ...(alarm.resolvedAt === null ? [] : [`Resolved: ${time(alarm.resolvedAt)}`]),
    `Sent:     ${time(at)}`
  ]
  return `${lines.join('\n')}\n`
}
