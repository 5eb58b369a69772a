import type { Measured } from './suite-results.ts'
import type { OptionName, SuiteOptions } from './suite-options.ts'

/** Something that is measured. A new one is a file NAME.bench.ts and a line in all-suites.ts. */
export interface Suite {
  /** As on the command line. */
  readonly name: string
  /** One line. */
  readonly description: string
  /** What runs without options and how long that takes on two cores: one line. */
  readonly defaultSize: string
  /** Those that it heeds; any other is refused. */
  readonly options: readonly OptionName[]
  /** Throws a UsageError, before anything starts, when names in the options mean nothing. */
  run(options: SuiteOptions): Promise<Measured>
}
