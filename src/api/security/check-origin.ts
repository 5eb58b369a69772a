import { isIP } from 'node:net'
import { ApiError } from '../http/api-errors.ts'

const SAFE = new Set(['GET', 'HEAD'])

/**
 * Refuses what a page of another site has made a browser send.
 *
 * The Host: a foreign page can have its own name resolve to this machine (DNS rebinding) and is then, for the browser,
 * of the same origin as this service; its name in `Host` tells. It can't do that with an address, so addresses pass
 * when the service listens on more than loopback.
 * The Origin: what changes something comes from our own pages, or from a program, which sends none.
 */
export function checkOrigin(request: Request, hosts: ReadonlySet<string>, acceptsAddresses: boolean): void {
  const host = request.headers.get('host')
  const name = hostName(host ?? '')
  if (!hosts.has(name) && !(acceptsAddresses && isIP(name) > 0)) {
    throw new ApiError({
      status: 421,
      code: 'MR_API_HOST',
      message: `This service is not known as ${JSON.stringify(name.slice(0, 253))}.`,
      next: 'Use an address that it listens on, or start it with --host-name and this name.'
    })
  }
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  if (SAFE.has(request.method) && site !== 'cross-site') return
  if (origin !== null ? hostOfOrigin(origin) === host?.toLowerCase() : site === null || site === 'same-origin') return
  // A link on another page may open the console; nothing is given away or changed by that.
  if (SAFE.has(request.method) && request.headers.get('sec-fetch-mode') === 'navigate') return
  throw new ApiError({
    status: 403,
    code: 'MR_API_ORIGIN',
    message: 'The request was made by a page of another site.',
    next: 'Open the console at the address of this service.'
  })
}

function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
}

function hostOfOrigin(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : ''
}
