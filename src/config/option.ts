export type ScalarValue = string | number | boolean

/**
 * How the value of an option is written. An array is the list of the words that are allowed. `property`: any scalar.
 * `list` and `map`: see `of`.
 */
export type OptionFormat =
  'text' | 'flag' | 'count' | 'ratio' | 'size' | 'duration' | 'time' | 'property' | 'list' | 'map' | readonly string[]

/** A refused value. The problem is a clause that follows the option's name. */
export interface Refusal {
  readonly problem: string
  readonly next?: string
}

/** What an entry of a map stands for: other options, as paths from the section that holds the map. */
export type Translation =
  Refusal | { readonly assign: readonly (readonly [path: readonly string[], value: ScalarValue])[] }

/** One option, as its owner's options.ts describes it: a convict schema leaf with a few words more. */
export interface Option {
  /** First sentence: what it is. */
  readonly doc: string
  readonly format: OptionFormat
  /** null = none. */
  readonly default: ScalarValue | null | readonly never[]
  /** What stands in the documentation as default when it isn't a constant. */
  readonly defaultDoc?: string
  readonly required?: true
  /** The option of the same section that may be given instead of a required one. */
  readonly unless?: string
  /** Words that are accepted besides what the format takes, such as `auto`. */
  readonly words?: readonly string[]
  /** For words that somebody may try: what to do instead. */
  readonly hints?: Readonly<Record<string, string>>
  readonly min?: number
  readonly max?: number
  readonly sensitive?: true
  /** YAML that shows how a value is written. */
  readonly example?: string
  /** A finer check of a value that has the right format. */
  readonly check?: (value: string) => Refusal | undefined
  /** Format of each item of a list, or of each value of a map. */
  readonly of?: OptionNode
  /** Check of the keys of a map. */
  readonly checkKey?: (key: string) => Refusal | undefined
  /** For maps whose entries stand for other options. */
  readonly translate?: (key: string, value: ScalarValue) => Translation
  /** The key that the end of an environment variable's name stands for. */
  readonly keyOfVariable?: (suffix: string) => string
}

export interface OptionSection {
  readonly [name: string]: OptionNode
}

export type OptionNode = Option | OptionSection

export function isOption(node: OptionNode): node is Option {
  return typeof node['doc'] === 'string'
}

/** The child of a section; names such as `constructor` are nobody's child. */
export function childOf(section: OptionSection, name: string): OptionNode | undefined {
  return Object.hasOwn(section, name) ? section[name] : undefined
}
