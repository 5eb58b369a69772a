import { Subject, type Observable } from 'rxjs'
import type { AddonEvent } from './addon-types.ts'
import { errorKind } from './error-codes.ts'
import type { EventCallback } from './node-rdkafka-binding.ts'
import type { ClientEvent } from './types.ts'

/** What a client says when a connection is gone or can't be made. */
export const CONNECTION_LOST: readonly string[] = ['_TRANSPORT', '_ALL_BROKERS_DOWN', '_RESOLVE', '_TIMED_OUT']

type ErrorEvent = Extract<ClientEvent, { readonly type: 'error' }>

/**
 * What a client notices outside any call. Logs and statistics come from node-rdkafka's event callback; errors come
 * from the addon, because node-rdkafka keeps neither their code nor whether they are fatal.
 */
export class ClientEvents {
  readonly #subject = new Subject<ClientEvent>()
  readonly stream: Observable<ClientEvent> = this.#subject.asObservable()
  readonly #watchers = new Set<(event: ErrorEvent) => void>()
  #mayBeAway = false

  /** A connection was lost, or couldn't be made, and no broker has answered since. */
  get mayBeAway(): boolean {
    return this.#mayBeAway
  }

  /** A broker has answered. */
  answered(): void {
    this.#mayBeAway = false
  }

  /** Tells of errors before the stream does, and is not to be seen there. Call what is returned to hear no more. */
  watch(watcher: (event: ErrorEvent) => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** For node-rdkafka's `event_cb`. */
  readonly onNative: EventCallback = (type, event) => {
    if (type === 'log') {
      const { severity, fac, message } = event as { severity: number; fac: string; message: string }
      this.#subject.next({ type: 'log', severity, facility: fac, text: message })
    } else if (type === 'stats') {
      this.#subject.next({ type: 'statistics', json: (event as { message: string }).message })
    }
  }

  /** For the addon's `onEvent`, and for errors of a poll that belong to no partition. */
  readonly onError = (event: Omit<AddonEvent, 'type' | 'fatal'> & { readonly fatal?: boolean }): void => {
    const kind = errorKind(event.code)
    if (CONNECTION_LOST.includes(event.name)) this.#mayBeAway = true
    const error: ErrorEvent = {
      type: 'error',
      code: event.code,
      name: event.name,
      text: event.text,
      fatal: event.fatal === true || kind === 'client',
      authentication: kind === 'authentication'
    }
    for (const watcher of this.#watchers) watcher(error)
    this.#subject.next(error)
  }

  leftBehind(): void {
    this.#subject.next({ type: 'left-behind' })
  }

  complete(): void {
    this.#subject.complete()
  }
}
