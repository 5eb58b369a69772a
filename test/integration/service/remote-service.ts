import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Health } from '../../../src/api/contract.ts'
import type { ConnectionsPort, JobsPort, ServicePort } from '../../../src/service/service-port.ts'
import { childrenOf, isAlive } from '../faults/process-tree.ts'

const MAIN = fileURLToPath(new URL('service-main.ts', import.meta.url))
const ANSWER_MS = 120_000

type Part = 'connections' | 'jobs' | 'service'

/** A job service in a process of its own. Killed when this process ends, however that happens. */
export class RemoteService {
  readonly connections: ConnectionsPort
  readonly jobs: JobsPort
  readonly service: Pick<ServicePort, 'audit'> & { health(): Promise<Health>; close(): Promise<void> }
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  #nextId = 1

  private constructor(child: ChildProcess) {
    this.#child = child
    this.connections = this.#proxy('connections')
    this.jobs = this.#proxy('jobs')
    this.service = this.#proxy('service')
    child.on('message', (message) => {
      const { id, result, error } = message as { id?: number; result?: unknown; error?: object }
      const waiting = this.#waiting.get(id ?? 0)
      if (error === undefined) waiting?.resolve(result)
      else waiting?.reject(Object.assign(new Error(), error))
    })
    child.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the service is gone'))
    })
  }

  /** Rejects with what `createService` said. */
  static async start(dataDirectory: string): Promise<RemoteService> {
    const child = fork(MAIN, [dataDirectory], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc']
    })
    process.once('exit', () => child.kill('SIGKILL'))
    const [first] = (await once(child, 'message')) as [{ failed?: object }]
    if (first.failed !== undefined) throw Object.assign(new Error(), first.failed)
    return new RemoteService(child)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Of jobs and of the process that asks clusters. */
  processes(): number[] {
    return childrenOf(this.pid)
  }

  async kill(): Promise<void> {
    if (!isAlive(this.pid)) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  async close(): Promise<void> {
    if (!isAlive(this.pid)) return
    await this.service.close()
    await this.kill()
  }

  #proxy<P extends object>(part: Part): P {
    return new Proxy({} as P, {
      get:
        (_, method) =>
        async (...args: unknown[]) =>
          await this.#ask(part, String(method), args)
    })
  }

  async #ask(part: Part, method: string, args: readonly unknown[]): Promise<unknown> {
    const id = this.#nextId++
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${part}.${method} was not answered`)), ANSWER_MS)
      const done = <T>(act: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(timer)
          this.#waiting.delete(id)
          act(value)
        }
      }
      this.#waiting.set(id, { resolve: done(resolve), reject: done(reject) })
      this.#child.send({ id, part, method, args })
    })
  }
}
