import type { ChannelInput } from '../../api/contract.ts'
import { badRequest } from '../service-errors.ts'

const ADDRESS = /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/

/** Throws MR_SERVICE_REQUEST when nothing can be sent to such a channel. */
export function checkChannel(input: ChannelInput): void {
  if (input.kind === 'webhook') return checkUrl(input.url)
  const { host, port, from, to } = input
  if (!/^[A-Za-z0-9._:-]+$/.test(host)) throw badRequest(`"${host}" is no mail server.`, 'Send its name or address.')
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw badRequest(`${port} is no port.`, 'Send 1 to 65535.')
  if (to.length === 0) throw badRequest('The mail goes to nobody.', 'Send one address or more.')
  const wrong = [from, ...to].find((address) => !ADDRESS.test(address))
  if (wrong !== undefined)
    throw badRequest(`"${wrong}" is no mail address.`, 'Send it as name@host, without a name around it.')
}

function checkUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw badRequest('The URL of the webhook is none.', 'Send one that begins with https:// or http://.')
  }
  // Everybody who may read channels sees the URL.
  if (url.username !== '' || url.password !== '') {
    throw badRequest(
      'The URL of the webhook has credentials in it.',
      'Leave them out, and let the receiver check the signature.'
    )
  }
}
