import { createHmac } from 'node:crypto'

/**
 * The value of the header `Millrace-Signature`: `t=SECONDS,v1=HEX`. HEX is the HMAC-SHA256 of `SECONDS.BODY` with the
 * secret of the channel; the time is signed, too, so that nobody can send an old message again later.
 */
export function signWebhook(secret: string, body: string, at: number): string {
  const seconds = Math.floor(at / 1000)
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${digest}`
}
