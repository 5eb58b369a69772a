export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** What a line of the log says in fields of its own. Undefined = not said. */
export type LogAttributes = Readonly<Record<string, string | number | boolean | undefined>>

export interface Log {
  /** Changing it counts from the next line. */
  level: LogLevel
  log(level: LogLevel, message: string, attributes?: LogAttributes): void
}
