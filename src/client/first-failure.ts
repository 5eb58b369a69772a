import type { Subscription } from 'rxjs'
import type { RdkafkaFailure } from './client-errors.ts'
import type { ClientEvents } from './client-events.ts'
import { ErrorCode } from './error-codes.ts'

/** How long the true reason may be behind "all brokers are down". */
const REASON_MS = 50

/**
 * The first thing that goes wrong with a client of one server. There is no second attempt that could end otherwise.
 *
 * A connection that ends before the protocol version is known (plain text to a TLS listener, a server that is not
 * Kafka) makes no error of its own: only a FAIL in the log, and then "all brokers are down".
 */
export class FirstFailure {
  readonly failure: Promise<RdkafkaFailure>
  isOver = false
  readonly #subscription: Subscription
  #logged = ''

  constructor(events: ClientEvents) {
    let resolve: (failure: RdkafkaFailure) => void
    this.failure = new Promise((settle) => {
      resolve = settle
    })
    const fail = (failure: RdkafkaFailure): void => {
      this.isOver = true
      resolve(failure)
    }
    this.#subscription = events.stream.subscribe((event) => {
      if (event.type === 'log' && event.facility === 'FAIL') this.#logged = withoutThread(event.text)
      if (event.type !== 'error') return
      if (event.code !== ErrorCode.allBrokersDown) fail({ code: event.code, text: event.text })
      else setTimeout(() => fail({ code: ErrorCode.transport, text: this.#logged || event.text }), REASON_MS)
    })
  }

  stop(): void {
    this.#subscription.unsubscribe()
  }
}

/** `[thrd:host:port/bootstrap]: host:port/bootstrap: what happened` → `host:port/bootstrap: what happened`. */
function withoutThread(text: string): string {
  return text.replace(/^\[thrd:[^\]]*\]: /, '')
}
