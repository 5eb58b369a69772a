import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { MillraceError } from '../../../model/millrace-error.ts'

const MAIN = import.meta.url.endsWith('.ts') ? './demo-clusters-main.ts' : './demo-clusters-main.js'
const START_MS = 60_000

export interface DemoAddresses {
  readonly source: string
  readonly target: string
}

/** What is told of the demo where somebody could be misled by it. */
export const DEMO_LIMITS =
  'The clusters of the demo live in a process of this service: their records end with it, each partition keeps 5 MiB, ' +
  'each topic has 4 partitions, and they know neither times as a start position nor security.'

/**
 * Two embedded clusters in a process of their own, because native code lives there.
 *
 * Invariant: the process ends with this one.
 */
export class DemoClusters {
  readonly addresses: DemoAddresses
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, addresses: DemoAddresses) {
    this.#child = child
    this.addresses = addresses
  }

  /** @param onEnd when they end by themselves */
  static async start(onEnd: (why: string) => void): Promise<DemoClusters> {
    const child = fork(fileURLToPath(new URL(MAIN, import.meta.url)), [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc']
    })
    let last = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (last = (last + text).slice(-2000)))
    const addresses = await new Promise<DemoAddresses>((resolve, reject) => {
      const fail = (why: string): void => {
        child.kill('SIGKILL')
        reject(notStarted(why))
      }
      const timer = setTimeout(() => fail('they did not start in time'), START_MS)
      child.once('message', (message) => {
        clearTimeout(timer)
        resolve(message as DemoAddresses)
      })
      child.once('error', (error) => fail(error.message))
      child.once('exit', (code) => fail(`exit code ${code}: ${last.trim()}`))
    })
    child.removeAllListeners('exit')
    child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`))
    return new DemoClusters(child, addresses)
  }

  close(): void {
    this.#child.removeAllListeners('exit')
    this.#child.kill('SIGKILL')
  }
}

function notStarted(why: string): MillraceError {
  return new MillraceError({
    code: 'MR_EMBEDDED_CLUSTER',
    kind: 'internal',
    message: `The clusters of the demo could not be started: ${why}.`,
    next: 'Report this as a bug.'
  })
}
