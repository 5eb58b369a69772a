import type { Surroundings } from './machine.ts'

/** A table with what it shows; on the results page a heading of its own. */
export interface Section {
  readonly title: string
  /** Markdown, above the table. */
  readonly note?: string
  readonly columns: readonly Column[]
  /** Cells as they are shown: rounding is the suite's. Each row has as many as there are columns. */
  readonly rows: readonly (readonly string[])[]
  readonly plots?: readonly Plot[]
}

export interface Column {
  readonly title: string
  /** Figures stand to the right. */
  readonly figure?: boolean
}

/** A picture beside a table, with figures of the same run. */
export type Plot = BarPlot | LinePlot

interface PlotLabels {
  /** Of the file, in kebab-case: results/SUITE-NAME.svg. One name, one plot of the suite. */
  readonly name: string
  readonly title: string
}

/** A group of bars for each shape, say, with a bar for each peer. The first group's series give colours and legend. */
export interface BarPlot extends PlotLabels {
  readonly kind: 'bars'
  readonly unit: string
  /** Each group has an axis of its own: bars of different groups can't be compared. */
  readonly groups: readonly {
    readonly name: string
    readonly bars: readonly { readonly series: string; readonly value: number }[]
  }[]
}

export interface LinePlot extends PlotLabels {
  readonly kind: 'lines'
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[]
}

export interface Axis {
  /** With its unit. */
  readonly title: string
  /** Logarithmic: every value is above 0. */
  readonly logarithmic?: boolean
}

/** What the speed of millrace is held to; a figure of the same run, never one from another day. */
export interface Bar {
  readonly what: string
  readonly measured: string
  readonly wanted: string
  readonly met: boolean
}

/**
 * What `--compare` compares: a figure through that of the control in the same run, so that the machine's mood cancels out. Never an
 * absolute figure.
 */
export interface Ratio {
  /** Stays the same from version to version: by this name it finds itself in the baseline. */
  readonly what: string
  readonly control: string
  /** How much was measured, such as "100 records": another size is another ratio. */
  readonly size?: string
  readonly better: 'lower' | 'higher'
  /** One for each run or pair; the ratio is their median. */
  readonly samples: readonly number[]
}

export interface NotRun {
  readonly name: string
  readonly why: string
}

/** What a program was told, as `name=value`. */
export interface SettingsList {
  readonly name: string
  readonly lines: readonly string[]
}

/** What a suite measured. */
export interface Measured {
  /** Markdown: what was done and what the figures are. */
  readonly note: string
  /** Of programs that only this suite runs, by name. */
  readonly versions?: Readonly<Record<string, string>>
  /** Of the programs that ran. */
  readonly settings?: readonly SettingsList[]
  readonly sections: readonly Section[]
  readonly bars: readonly Bar[]
  readonly ratios: readonly Ratio[]
  readonly notRun: readonly NotRun[]
  /** What went wrong, such as a copy that differs from its source. Not a missed bar. The command then ends with 1. */
  readonly failures: readonly string[]
  /** Everything else worth keeping, settings and single runs: stored, not shown. */
  readonly details: unknown
}

/** What a run leaves behind as JSON, benchmarks/results/SUITE.json. */
export interface SuiteResults extends Measured {
  readonly suite: string
  /** The options as they were given, without where files are kept. */
  readonly command: string
  readonly surroundings: Surroundings
}
