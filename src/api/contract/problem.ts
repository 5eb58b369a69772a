export interface Place {
  readonly cluster?: 'source' | 'target'
  readonly topic?: string
  readonly partition?: number
  readonly offset?: number
  readonly broker?: string
  readonly option?: string
  readonly file?: string
}

/** A sentence with its cause and next step. Codes are those of docs/errors.md. */
export interface Reason {
  readonly code: string
  readonly message: string
  readonly next: string | null
  readonly place?: Place
}

/** RFC 9457, as application/problem+json. */
export interface Problem {
  /** Where docs/errors.md explains the code. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly next: string | null
  readonly place?: Place
  /** Each thing that is wrong with a configuration or a request. */
  readonly problems?: readonly ConfigProblem[]
}

export interface ConfigProblem {
  /** line:column of the YAML, or a JSON pointer into the request; '' = the whole. */
  readonly where: string
  /** Such as `topics.include`. */
  readonly option: string
  readonly message: string
  readonly next?: string
}
