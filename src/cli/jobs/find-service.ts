import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CommandContext } from '../command-context.ts'
import { DEFAULT_DATA_DIR, DEFAULT_LISTEN, ENDPOINT_FILE, FIRST_TOKEN_FILE } from '../serve/service-files.ts'
import { readNamedFile } from './read-named-file.ts'
import { ServiceClient } from './service-client.ts'
import { noSuchToken } from './service-errors.ts'

export interface ServiceFlags {
  readonly server?: string
  readonly tokenFile?: string
  readonly caFile?: string
  readonly dataDir?: string
}

/**
 * The service that is meant: by flag, by MILLRACE_SERVER and MILLRACE_TOKEN_FILE, or the one of the data directory on
 * this machine, which says itself where it listens and has its first token beside.
 */
export function findService(flags: ServiceFlags, { env, cwd }: CommandContext): ServiceClient {
  const dataDir = resolve(cwd, flags.dataDir ?? DEFAULT_DATA_DIR)
  const url = flags.server ?? given(env['MILLRACE_SERVER']) ?? urlIn(dataDir) ?? `http://${DEFAULT_LISTEN}`
  const named = flags.tokenFile ?? given(env['MILLRACE_TOKEN_FILE'])
  const token = readToken(named === undefined ? join(dataDir, FIRST_TOKEN_FILE) : resolve(cwd, named)).trim()
  return new ServiceClient({
    url: /^https?:\/\//.test(url) ? url : `http://${url}`,
    token,
    ...(flags.caFile !== undefined && { ca: readNamedFile(flags.caFile, cwd) })
  })
}

function given(variable: string | undefined): string | undefined {
  return variable === '' ? undefined : variable
}

/** What a service that ran there last has left. */
function urlIn(dataDir: string): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(join(dataDir, ENDPOINT_FILE), 'utf8')) as { readonly url?: unknown }
    return typeof url === 'string' ? url : undefined
  } catch {
    return undefined
  }
}

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw noSuchToken(path, error)
  }
}
