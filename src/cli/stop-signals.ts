import type { CommandContext, StopSignal } from './command-context.ts'
import type { RunnableJob } from './job-api.ts'

/**
 * A terminal sends a signal to the whole process group and npm passes it on once more: what follows this soon is the
 * same key.
 */
const SAME_KEY_MS = 150

/** What is said behind the name of the signal. */
export interface StopTexts {
  readonly first: string
  readonly second: string
}

const OF_A_JOB: StopTexts = {
  first: 'what is in flight is delivered and committed, then it ends. Once more stops at once.',
  second: 'stopping at once. What was sent and not committed may be copied again by the next run.'
}

export interface StopSignals {
  /** The first signal. */
  readonly first: StopSignal | undefined
  release(): void
}

/** The first SIGINT or SIGTERM drains the job, the second ends it at once. */
export function watchStopSignals(
  context: Pick<CommandContext, 'onSignal'>,
  job: Pick<RunnableJob, 'stop' | 'kill'>,
  say: (message: string) => void,
  now: () => number = () => performance.now(),
  texts: StopTexts = OF_A_JOB
): StopSignals {
  let first: StopSignal | undefined
  let firstAt = 0
  let killed = false
  const release = context.onSignal((signal) => {
    if (first === undefined) {
      first = signal
      firstAt = now()
      say(`${signal}: ${texts.first}`)
      job.stop()
    } else if (!killed && now() - firstAt >= SAME_KEY_MS) {
      killed = true
      say(`${signal} again: ${texts.second}`)
      job.kill()
    }
  })
  return {
    get first() {
      return first
    },
    release
  }
}

/** Gives a command that only looks a signal that ends it early: once is enough, nothing has to be drained. */
export async function abortOnSignal<T>(
  context: Pick<CommandContext, 'onSignal'>,
  look: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  const abort = new AbortController()
  let received: StopSignal | undefined
  const release = context.onSignal((signal) => {
    received ??= signal
    abort.abort()
  })
  try {
    const found = await look(abort.signal)
    if (received !== undefined) throw new StoppedBySignal(received)
    return found
  } catch (error) {
    throw received === undefined ? error : new StoppedBySignal(received)
  } finally {
    release()
  }
}

/** A command that only looks was ended by the user. */
export class StoppedBySignal extends Error {
  override readonly name = 'StoppedBySignal'
  readonly signal: StopSignal

  constructor(signal: StopSignal) {
    super(`stopped by ${signal}`)
    this.signal = signal
  }
}
