import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApi } from '../../api/create-api.ts'
import { openServer } from '../../api/http/open-server.ts'
import { EndedSessions } from '../../api/security/ended-sessions.ts'
import { LoginCodes } from '../../api/security/login-codes.ts'
import { TokenStore } from '../../api/security/token-store.ts'
import { packageVersion } from '../../telemetry/package-version.ts'
import { type CommandContext, type CommonFlags, hasColor } from '../command-context.ts'
import { SIGNAL_EXIT } from '../exit-code.ts'
import { reportError } from '../report-error.ts'
import { watchStopSignals } from '../stop-signals.ts'
import { type OutputFormat, writeDocument } from '../write-document.ts'
import { DEMO_LIMITS, DemoClusters } from './demo/demo-clusters.ts'
import { prepareDemo } from './demo/prepare-demo.ts'
import { type ListenFlags, type ListenRules, listenRules, urlOf } from './listen-rules.ts'
import type { OpenService } from './open-service.ts'
import { ENDPOINT_FILE } from './service-files.ts'
import { ensureFirstToken, sessionKey, writePrivately } from './service-secrets.ts'

export interface ServeFlags extends CommonFlags, ListenFlags {
  readonly output: OutputFormat
  readonly dataDir: string
  readonly demo: boolean
}

/** From `src` as from `dist`. */
const CONSOLE_ROOT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../dist/web' : '../../web', import.meta.url)
)

const ENDING = {
  first: 'jobs deliver and commit what is in flight, then it ends. Once more leaves at once.',
  second: 'leaving at once. The processes of the jobs see it, drain and end by themselves.'
}

/** Runs the service until a signal ends it. */
export async function serveCommand(
  flags: ServeFlags,
  context: CommandContext,
  openService: OpenService
): Promise<number> {
  const say = (text: string): void => void context.stderr.write(`${text}\n`)
  const rules = listenRules(flags, context.cwd)
  const opened = new Opened()
  try {
    return await serve(flags, context, rules, openService, opened, say)
  } finally {
    await opened.close()
  }
}

async function serve(
  flags: ServeFlags,
  { stderr, stdout, env, cwd, ...signals }: CommandContext,
  rules: ListenRules,
  openService: OpenService,
  opened: Opened,
  say: (text: string) => void
): Promise<number> {
  // Before the service, so it ends after it: jobs need their clusters to drain and commit.
  const demo = flags.demo ? await startDemo(say) : undefined
  if (demo !== undefined) opened.add(() => demo.close())
  const service = await openService({ dataDirectory: resolve(cwd, flags.dataDir), cwd })
  opened.add(async () => await service.close())
  const { dataDirectory } = service
  const tokens = new TokenStore(dataDirectory)
  const first = ensureFirstToken(dataDirectory, tokens)
  if (demo !== undefined) await prepareDemo(service, demo.addresses)

  const codes = new LoginCodes()
  const onUnexpected = (error: unknown, request: string): void => {
    say(`${request}: ${reportError(error, { color: hasColor(stderr, flags, env), verbose: true }).trimEnd()}`)
  }
  const startedAt = Date.now()
  let url = ''
  const api = createApi(service, {
    tokens,
    codes,
    ended: new EndedSessions(dataDirectory),
    sessionKey: sessionKey(dataDirectory),
    settings: () => ({
      version: packageVersion(),
      startedAt,
      dataDirectory,
      listen: url,
      tls: rules.tls !== undefined,
      demo: demo === undefined ? null : { limits: DEMO_LIMITS }
    }),
    hostNames: rules.hostNames,
    acceptsAddresses: rules.acceptsAddresses,
    consoleRoot: CONSOLE_ROOT,
    onUnexpected
  })
  const server = await openServer({
    host: rules.host,
    port: rules.port,
    ...(rules.tls !== undefined && { tls: rules.tls }),
    fetch: (request, environment) => api.fetch(request, environment),
    onUnexpected
  })
  opened.add(async () => await server.close())
  opened.add(() => api.close())
  url = urlOf(rules, server.port)
  const endpoint = join(dataDirectory, ENDPOINT_FILE)
  writePrivately(endpoint, `${JSON.stringify({ url, pid: process.pid })}\n`)
  opened.add(() => rmSync(endpoint, { force: true }))

  const admin = tokens.list().find(({ role }) => role === 'admin')
  const loginUrl = admin === undefined ? url : `${url}/#token=${codes.issue(admin.name)}`
  const ready = { url, loginUrl, tokenFile: first.file, dataDirectory, pid: process.pid }
  if (flags.output === 'table') {
    say(`The job service runs on ${url}; it keeps its data in ${dataDirectory}.`)
    if (first.isNew) say(`Its first token, which may do everything, is in ${first.file}.`)
    if (demo !== undefined) say(`Demo: ${DEMO_LIMITS}`)
    say('Open this in a browser; it logs in once, within a quarter of an hour:')
    stdout.write(`${loginUrl}\n`)
  } else {
    writeDocument(stdout, ready, flags.output)
  }
  return await untilStopped(signals, say, opened)
}

async function startDemo(say: (text: string) => void): Promise<DemoClusters> {
  say('Starting the clusters of the demo.')
  return await DemoClusters.start((why) =>
    say(`The clusters of the demo have ended (${why}): start the service again.`)
  )
}

/** The first signal closes everything in order, the second does not wait for it. */
async function untilStopped(
  context: Pick<CommandContext, 'onSignal'>,
  say: (text: string) => void,
  opened: Opened
): Promise<number> {
  let stop: () => void = () => undefined
  let leave: (signal: 'now') => void = () => undefined
  const stopped = new Promise<void>((resolve) => (stop = resolve))
  const left = new Promise<'now'>((resolve) => (leave = resolve))
  const signals = watchStopSignals(context, { stop, kill: () => leave('now') }, say, undefined, ENDING)
  try {
    await stopped
    if ((await Promise.race([opened.close(), left])) === 'now') opened.leave()
    return SIGNAL_EXIT[signals.first ?? 'SIGTERM']
  } finally {
    signals.release()
  }
}

/**
 * Invariant: what was opened is closed once, the newest first, whatever the others say.
 */
class Opened {
  readonly #closers: (() => unknown)[] = []
  #closing: Promise<void> | undefined

  add(close: () => unknown): void {
    this.#closers.push(close)
  }

  async close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    await this.#closing
  }

  /** Nobody waits any more: the end of the process ends what is still open. */
  leave(): void {
    this.#closing?.catch(() => undefined)
    this.#closing = Promise.resolve()
  }

  async #closeAll(): Promise<void> {
    let failure: { readonly error: unknown } | undefined
    for (const close of this.#closers.reverse()) {
      try {
        await close()
      } catch (error) {
        failure ??= { error }
      }
    }
    if (failure !== undefined) throw failure.error
  }
}
