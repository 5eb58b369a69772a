/** Where something happened. Whatever is known of it is said. */
export interface ErrorPlace {
  readonly cluster?: 'source' | 'target'
  readonly topic?: string
  readonly partition?: number
  readonly offset?: number
  readonly broker?: string
  /** A configuration option, such as `source.bootstrapServers`. */
  readonly option?: string
  /** file:line:column of a configuration file. */
  readonly file?: string
}

/**
 * What must happen next. `retry`: the same again may work. `partition`: this partition can't go on, others can.
 * `client`: the client must be made anew. `authentication`: never again by itself. `authorisation`: a permission is
 * missing. `configuration`: somebody must change something. `refused`: plan or preflight says no. `internal`: our bug.
 */
export type ErrorKind =
  'retry' | 'partition' | 'client' | 'authentication' | 'authorisation' | 'configuration' | 'refused' | 'internal'

export interface MillraceErrorOptions {
  /** Stable, documented in docs/errors.md: `MR_…`. */
  readonly code: string
  readonly kind: ErrorKind
  /** What happened, in one sentence. */
  readonly message: string
  /** What to do next, in one sentence. */
  readonly next?: string
  readonly place?: ErrorPlace
  readonly cause?: unknown
}

/** Every failure a user sees: code, kind, place, cause and next step. The kind is decided where the error is made. */
export class MillraceError extends Error {
  override readonly name = 'MillraceError'
  readonly code: string
  readonly kind: ErrorKind
  readonly next: string | undefined
  readonly place: ErrorPlace

  constructor(options: MillraceErrorOptions) {
    super(options.message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = options.code
    this.kind = options.kind
    this.next = options.next
    this.place = options.place ?? {}
  }
}

/** One line for people: `MR_CODE source orders-7@42: what happened. Next: what to do.` */
export function describeError(error: unknown): string {
  if (!(error instanceof MillraceError)) return error instanceof Error ? error.message : String(error)
  const where = describePlace(error.place)
  const next = error.next === undefined ? '' : ` Next: ${error.next}`
  return `${error.code}${where === '' ? '' : ` ${where}`}: ${error.message}${next}`
}

function describePlace(place: ErrorPlace): string {
  const topic =
    place.topic === undefined ? undefined : place.topic + (place.partition === undefined ? '' : `-${place.partition}`)
  const spot = place.offset === undefined ? topic : `${topic ?? ''}@${place.offset}`
  return [place.file, place.option, place.cluster, place.broker, spot].filter((part) => part !== undefined).join(' ')
}
