import type { PeerCommand } from './peer.ts'

/** Topics `prefix0`, `prefix1` … of the source, copied for as long as the mirror runs, each from its first record. */
export interface LastingMirror {
  /** Of this run alone. */
  readonly id: string
  readonly source: string
  readonly target: string
  readonly prefix: string
  /** Empty, removed after the run. */
  readonly directory: string
}

/** A mirror as it usually is: it runs until it is stopped, and the topics are those of the source that have a certain name. */
export interface LastingPeer {
  readonly name: string
  /** For the results page. */
  readonly title: string
  /** Why it can't run on this machine; undefined = it can. */
  missing(): Promise<string | undefined>
  /** Once, before the first run: compile, download. */
  prepare(directory: string): Promise<void>
  /** What it is told beyond the topics, for the results. */
  settings(): Readonly<Record<string, string | number | boolean>>
  /** What the names of its target topics begin with. */
  targetPrefix(mirror: Pick<LastingMirror, 'id' | 'prefix'>): string
  command(mirror: LastingMirror): Promise<PeerCommand>
}
