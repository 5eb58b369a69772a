import type { Shape } from '../harness/shapes.ts'

/** One copy of one topic into a fresh, empty topic with as many partitions. */
export interface MirrorRun {
  readonly shape: Shape
  readonly partitions: number
  readonly source: string
  readonly target: string
  readonly sourceTopic: string
  readonly targetTopic: string
  /** Empty, removed after the run. */
  readonly directory: string
}

/** What to start. It ends by itself, with exit code 0, when everything that was in the topic is delivered. */
export interface PeerCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** A mirror that competes. A new one is a file of this folder and a line in all-peers.ts. */
export interface Peer {
  readonly name: string
  /** For the results page. */
  readonly title: string
  /** Why it can't run on this machine; undefined = it can. */
  missing(): Promise<string | undefined>
  /** Once, before the first run: compile, download. `directory` stays until the end. */
  prepare(directory: string): Promise<void>
  /** What it is told beyond the topics, for the results. */
  settings(shape: Shape): Readonly<Record<string, string | number | boolean>>
  command(run: MirrorRun): Promise<PeerCommand>
}
