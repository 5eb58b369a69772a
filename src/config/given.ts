import type { ScalarValue } from './option.ts'

/** A value somebody gave, and where: `job.yaml:3:5`, `--set target.accept` or `MILLRACE_WORKERS`. */
export type Given = GivenScalar | GivenList | GivenMap | GivenNothing

export interface GivenScalar {
  readonly kind: 'scalar'
  readonly at: string
  readonly value: ScalarValue
  /** As it was written, so that the password `0123` keeps its zero. */
  readonly text: string
}

export interface GivenList {
  readonly kind: 'list'
  readonly at: string
  readonly items: readonly Given[]
}

export interface GivenMap {
  readonly kind: 'map'
  readonly at: string
  readonly entries: readonly { readonly key: string; readonly keyAt: string; readonly value: Given }[]
}

/** `key:` or `key: null`: the default. */
export interface GivenNothing {
  readonly kind: 'nothing'
  readonly at: string
}

export function givenText(text: string, at: string): GivenScalar {
  return { kind: 'scalar', at, value: text, text }
}
