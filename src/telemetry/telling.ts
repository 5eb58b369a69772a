import type { Count } from './event-counters.ts'
import type { LogAttributes, LogLevel } from './log/log.ts'

/** How events of one type are told. */
export interface Telling<E> {
  readonly level: LogLevel | ((event: E) => LogLevel)
  /** One sentence or two for people. What others wrote (brokers, names) is in it as it is: the log escapes it. */
  readonly line: (event: E) => string
  /** The same for programs; `trace_id` is shown to people, too. */
  readonly attributes: (event: E) => LogAttributes
  readonly counts?: (event: E) => readonly Count[]
}

/** A telling for every type of event: a new event without one does not compile. */
export type TellingsOf<E extends { readonly type: string }> = {
  readonly [T in E['type']]: Telling<Extract<E, { readonly type: T }>>
}
