import type { MedianInterval } from '../harness/median.ts'
import type { Shape } from '../harness/shapes.ts'
import type { Figures } from '../harness/steady-state.ts'
import type { Properties } from '../peers/client-properties.ts'

/** One peer on one shape. */
export interface Measurement {
  readonly peer: string
  readonly shape: string
  /** In the order in which they ran. */
  readonly runs: readonly Figures[]
  /** What went wrong: a peer that fails is no reason to lose the others' figures. */
  readonly failure?: string
}

/** CPU per record of one peer through that of another, of runs next to each other. */
export interface PairedRatio extends MedianInterval {
  readonly shape: string
  readonly peer: string
  readonly control: string
  readonly ratios: readonly number[]
}

/** Which value of a setting made a peer fastest. */
export interface SweepResult {
  readonly peer: string
  readonly shape: string
  readonly records: number
  readonly setting: string
  readonly tries: readonly { readonly value: number; readonly figures: Figures }[]
  readonly best: number
  readonly usedOn: readonly string[]
}

/** All that the mirror suite measured: everything it shows is made from this. */
export interface MirrorDetails {
  readonly partitions: number
  readonly shapes: readonly Shape[]
  readonly peers: readonly {
    readonly name: string
    readonly title: string
    /** Why it did not run. */
    readonly missing?: string
    /** By shape. */
    readonly settings: Readonly<Record<string, Properties>>
  }[]
  readonly checked: 'counts and a sample' | 'every record'
  readonly measurements: readonly Measurement[]
  readonly paired: readonly PairedRatio[]
  readonly sweeps: readonly SweepResult[]
}
