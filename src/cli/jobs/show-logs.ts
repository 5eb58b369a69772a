import { setTimeout as pause } from 'node:timers/promises'
import type { LogLine, StreamMessage } from '../../api/contract.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { type CommandContext, hasColor } from '../command-context.ts'
import { EXIT } from '../exit-code.ts'
import { abortOnSignal } from '../stop-signals.ts'
import { writeDocument } from '../write-document.ts'
import { findService } from './find-service.ts'
import type { JobsFlags } from './jobs-flags.ts'
import { renderLogLine } from './render-jobs.ts'
import type { ServiceClient } from './service-client.ts'

const AGAIN_MS = 2000
const PAGE = 1000

/** Past lines, then what comes. A stream that breaks is taken up again where it was, until somebody stops it. */
export async function showLogs(
  [name = '']: readonly string[],
  flags: JobsFlags,
  context: CommandContext
): Promise<number> {
  const client = findService(flags, context)
  const write = writer(flags, context)
  const path = `/jobs/${encodeURIComponent(name)}`
  const filter = {
    ...(flags.level !== undefined && { level: flags.level }),
    ...(flags.search !== undefined && { search: flags.search })
  }
  const tail = flags.tail ?? 0
  const search = new URLSearchParams({ ...filter, limit: String(Math.max(1, tail)) })
  const { value: lines } = await client.ask<readonly LogLine[]>('GET', `${path}/logs?${search.toString()}`)
  const past = tail === 0 ? [] : lines
  if (flags.follow !== true) {
    write(past)
    return EXIT.done
  }
  write(past)
  return await abortOnSignal(context, async (signal) => {
    const follower = new Follower(client, path, filter, name, lines.at(-1)?.id ?? 0, write)
    for (;;) {
      const told = await follower.follow(signal)
      if (signal.aborted) return EXIT.done
      context.stderr.write(`The connection to the service is lost${told}; trying again.\n`)
      await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined)
    }
  })
}

/**
 * Invariant: every line up to `#last` is written, once. What comes between two streams is asked for by its id; the
 * stream only says that there is more.
 */
class Follower {
  readonly #client: ServiceClient
  readonly #path: string
  readonly #filter: Readonly<Record<string, string>>
  readonly #job: string
  readonly #write: (lines: readonly LogLine[]) => void
  #last: number

  constructor(
    client: ServiceClient,
    path: string,
    filter: Readonly<Record<string, string>>,
    job: string,
    last: number,
    write: (lines: readonly LogLine[]) => void
  ) {
    this.#client = client
    this.#path = path
    this.#filter = filter
    this.#job = job
    this.#last = last
    this.#write = write
  }

  /** Until the stream ends; what it says is why. Rejects with what trying again would not change. */
  async follow(signal: AbortSignal): Promise<string> {
    try {
      const query = new URLSearchParams({ job: this.#job, log: this.#filter['level'] ?? 'debug' })
      for await (const { data } of this.#client.stream(`/stream?${query.toString()}`, signal)) {
        const message = JSON.parse(data) as StreamMessage
        if (message.type === 'log' || message.type === 'job') await this.#catchUp()
      }
      return ''
    } catch (error) {
      if (signal.aborted) return ''
      if (error instanceof MillraceError && error.kind === 'retry') return ` (${error.message})`
      throw error
    }
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const search = new URLSearchParams({ ...this.#filter, after: String(this.#last), limit: String(PAGE) })
      const { value: lines } = await this.#client.ask<readonly LogLine[]>(
        'GET',
        `${this.#path}/logs?${search.toString()}`
      )
      this.#write(lines)
      this.#last = lines.at(-1)?.id ?? this.#last
      if (lines.length < PAGE) return
    }
  }
}

/** JSON is a line each, so that a program can read it while it comes. */
function writer({ output, ...flags }: JobsFlags, { stdout, env }: CommandContext): (lines: readonly LogLine[]) => void {
  const color = hasColor(stdout, flags, env)
  return (lines) => {
    for (const line of lines) {
      if (output === 'yaml') writeDocument(stdout, [line], 'yaml')
      else stdout.write(`${output === 'json' ? JSON.stringify(line) : renderLogLine(line, color)}\n`)
    }
  }
}
