import { Subject, type Observable } from 'rxjs'
import type { AddonEvent } from './addon-types.ts'
import { errorKind } from './error-codes.ts'
import type { EventCallback } from './node-rdkafka-binding.ts'
import type { ClientEvent } from './types.ts'

/**
 * What a client notices outside any call. Logs and statistics come from node-rdkafka's event callback; errors come
 * from the addon, because node-rdkafka keeps neither their code nor whether they are fatal.
 */
export class ClientEvents {
  readonly #subject = new Subject<ClientEvent>()
  readonly stream: Observable<ClientEvent> = this.#subject.asObservable()

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
    this.#subject.next({
      type: 'error',
      code: event.code,
      name: event.name,
      text: event.text,
      fatal: event.fatal === true || kind === 'client',
      authentication: kind === 'authentication'
    })
  }

  complete(): void {
    this.#subject.complete()
  }
}
