/** A stream that text goes to: what a command needs to know of stdout and stderr. */
export interface OutputStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  on?(event: 'resize', listener: () => void): unknown
  off?(event: 'resize', listener: () => void): unknown
}

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** What surrounds a command. Data goes to stdout, talk to stderr. */
export interface CommandContext {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Takes over both signals until the returned function is called. */
  onSignal(listener: (signal: StopSignal) => void): () => void
  /** Hears SIGUSR2, which switches the level of the log, until the returned function is called. */
  onLevelSignal(listener: () => void): () => void
}

/** The flags that every command has. */
export interface CommonFlags {
  /** False with --no-color. */
  readonly color: boolean
  readonly verbose: boolean
}

/** https://no-color.org; FORCE_COLOR is for pipes that end on a terminal after all. */
export function hasColor(stream: OutputStream, flags: CommonFlags, env: CommandContext['env']): boolean {
  if (!flags.color || (env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  return isTerminal(stream, env)
}

/** Whether lines on this stream can be drawn over. */
export function isTerminal(stream: OutputStream, env: CommandContext['env']): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}
