import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { MillraceError } from '../../model/millrace-error.ts'

export interface ListenFlags {
  readonly listen: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly insecureListen: boolean
  readonly hostName: readonly string[]
}

export interface ListenRules {
  readonly host: string
  readonly port: number
  readonly tls: { readonly certificate: string; readonly key: string } | undefined
  readonly hostNames: readonly string[]
  readonly acceptsAddresses: boolean
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/
const ANY = new Set(['0.0.0.0', '::'])

/** Where to listen, and under which names. More than this machine needs TLS, or a word that says it is meant. */
export function listenRules(
  { listen, tlsCert, tlsKey, insecureListen, hostName }: ListenFlags,
  cwd: string
): ListenRules {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(listen) ?? []
  const host = bracketed ?? plain ?? ''
  const port = Number(digits)
  if (host === '' || !(port <= 65_535)) {
    throw usage(`${JSON.stringify(listen)} is no host:port.`, 'Write it as 127.0.0.1:8090 or [::1]:8090.')
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw usage('--tls-cert and --tls-key go together.', 'Name both files.')
  }
  const isLoopback = LOOPBACK.test(host)
  if (!isLoopback && tlsCert === undefined && !insecureListen) {
    throw usage(
      `${listen} can be reached from other machines, and without TLS tokens and secrets can be read on the way.`,
      'Name --tls-cert and --tls-key, listen on 127.0.0.1 behind a proxy, or say --insecure-listen.'
    )
  }
  return {
    host,
    port,
    tls: tlsCert === undefined || tlsKey === undefined ? undefined : readTls(tlsCert, tlsKey, cwd),
    hostNames: [
      'localhost',
      '127.0.0.1',
      '::1',
      ...(isLoopback ? [host] : ANY.has(host) ? [hostname()] : [host, hostname()]),
      ...hostName
    ],
    acceptsAddresses: !isLoopback
  }
}

/** The address for a browser. */
export function urlOf({ host, tls, hostNames }: ListenRules, port: number): string {
  const named = hostNames.at(-1) ?? host
  const name = ANY.has(host) ? named : host
  return `${tls === undefined ? 'http' : 'https'}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** Tried here, before anything is opened. */
function readTls(tlsCert: string, tlsKey: string, cwd: string): NonNullable<ListenRules['tls']> {
  const [certificate, key] = [read(tlsCert, cwd), read(tlsKey, cwd)]
  try {
    createSecureContext({ cert: certificate, key })
  } catch (error) {
    const why = (error as Error).message
    const next = 'Name PEM files that belong together; the key must have no password.'
    throw usage(`${tlsCert} and ${tlsKey} are no certificate and its key: ${why}.`, next, error)
  }
  return { certificate, key }
}

function read(file: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (error) {
    throw usage(`${file} can't be read.`, 'Name a PEM file that this user may read.', error)
  }
}

function usage(message: string, next: string, cause?: unknown): MillraceError {
  return new MillraceError({ code: 'MR_SERVE_USAGE', kind: 'configuration', message, next, cause })
}
