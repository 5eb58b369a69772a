import type { Shape } from '../harness/shapes.ts'

/** One copy of one topic into a fresh, empty topic with as many partitions. */
export interface MirrorRun {
  /** Of this run alone. Topics with it in their names are deleted afterwards, on both clusters. */
  readonly id: string
  readonly shape: Shape
  readonly partitions: number
  readonly source: string
  readonly target: string
  readonly sourceTopic: string
  readonly targetTopic: string
  /** Empty, removed after the run. */
  readonly directory: string
}

/** What to start. Unless it never ends, it ends with exit code 0 when everything that was in the topic is delivered. */
export interface PeerCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** It goes on waiting for records: to be killed once the target has all. */
  readonly neverEnds?: boolean
}

/** A setting whose best value is looked for before the runs. */
export interface Sweep {
  readonly setting: string
  readonly values: readonly number[]
  /** Of the runs from now on. */
  use(shape: Shape, value: number): void
}

/** A mirror that competes. A new one is a file of this folder and a line in all-peers.ts. */
export interface Peer {
  readonly name: string
  /** For the results page. */
  readonly title: string
  /** Why it can't run on this machine; undefined = it can. */
  missing(): Promise<string | undefined>
  /**
   * Once, before the first run: compile, download. `directory` stays until the end. A peer that throws here is named as not run. Returns
   * versions of programs that others don't have, for the results.
   */
  prepare(directory: string): Promise<Readonly<Record<string, string>>>
  /** What it is told beyond the topics, for the results. */
  settings(shape: Shape): Readonly<Record<string, string | number | boolean>>
  command(run: MirrorRun): Promise<PeerCommand>
  /** When it can't choose: how the topic is called that it copies `sourceTopic` to. Has the run's id in it. */
  targetTopic?(id: string, sourceTopic: string): string
  readonly sweep?: Sweep
  /** It can't keep them: they are not compared, and its title says so. */
  readonly losesTimestamps?: boolean
}
