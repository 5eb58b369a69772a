import { RotatingFile } from '../../telemetry/log/rotating-file.ts'
import { cutShort, idOf, linesBackwards, linesForwards, seekId } from './read-lines.ts'
import { closeSegments, openSegments, type Segment } from './segments.ts'

export interface LineStoreOptions {
  readonly path: string
  readonly maxSizeBytes: number
  /** Rotated ones beside it. */
  readonly maxFiles: number
  /** A line is on the disk when `append` returns, not only in the operating system's memory. */
  readonly synced?: boolean
}

export interface ReadRequest<T> {
  /** Ids below this, the newest first. */
  readonly before?: number
  /** Ids above this, the oldest first. */
  readonly after?: number
  readonly limit: number
  /** Whether it is worth reading a line. */
  readonly mayMatch?: (line: string) => boolean
  readonly matches?: (row: T) => boolean
}

/**
 * Rows as JSON lines in a file that is rotated, found by their ids.
 *
 * Invariant: ids rise by one from row to row, also over restarts and rotations; a row that could not be written leaves a
 * hole. A line is whole or is not read. Opening writes nothing: it works on a full disk. Nothing of the files is kept in memory.
 */
export class LineStore<T extends { readonly id: number }> {
  readonly #options: LineStoreOptions
  #file: RotatingFile | undefined
  #newest: number
  #trouble: Error | undefined
  /** The file tells only the first of a row of failures. */
  #lastTrouble: Error | undefined

  private constructor(options: LineStoreOptions, newest: number) {
    this.#options = options
    this.#newest = newest
  }

  /** Rejects when what is there can't be read. */
  static async open<T extends { readonly id: number }>(options: LineStoreOptions): Promise<LineStore<T>> {
    const segments = openSegments(options.path)
    try {
      return new LineStore<T>(options, await newestId(segments))
    } finally {
      closeSegments(segments)
    }
  }

  /** Why the last row was not written; undefined = it was. */
  get trouble(): Error | undefined {
    return this.#trouble
  }

  /** Never throws; see `trouble`. */
  append(row: Omit<T, 'id'>): T {
    // The id comes first: a line is found by it without being parsed.
    const whole = { id: ++this.#newest, ...row } as T
    try {
      this.#file ??= new RotatingFile({ ...this.#options, onTrouble: (error) => void (this.#lastTrouble = error) })
      this.#trouble = this.#file.write(`${JSON.stringify(whole)}\n`) ? undefined : this.#lastTrouble
    } catch (error) {
      // The file speaks of `log.file`; why it can't be opened is what matters here.
      const { cause } = error as Error
      this.#trouble = cause instanceof Error ? cause : (error as Error)
    }
    return whole
  }

  async read(request: ReadRequest<T>): Promise<readonly T[]> {
    const segments = openSegments(this.#options.path)
    try {
      return request.after === undefined
        ? await readBackwards(segments, request)
        : await readForwards(segments, request, request.after)
    } finally {
      closeSegments(segments)
    }
  }

  /** How many rows are kept, those included that could not be written. */
  async count(): Promise<number> {
    const segments = openSegments(this.#options.path)
    try {
      for (const segment of [...segments].reverse()) {
        const oldest = await firstId(segment)
        if (oldest !== undefined) return this.#newest - oldest + 1
      }
      return 0
    } finally {
      closeSegments(segments)
    }
  }

  close(): void {
    this.#file?.close()
    this.#file = undefined
  }
}

async function readBackwards<T>(segments: readonly Segment[], request: ReadRequest<T>): Promise<readonly T[]> {
  const { before, limit } = request
  const rows: T[] = []
  for (const segment of segments) {
    const oldest = before === undefined ? undefined : await firstId(segment)
    if (before !== undefined && oldest !== undefined && oldest >= before) continue
    const end = before === undefined ? segment.size : await seekId(segment, before)
    for await (const lines of linesBackwards(segment, end)) {
      for (const { text } of lines) {
        const row = rowOf(text, request)
        if (row !== undefined && rows.push(row) >= limit) return rows
      }
    }
  }
  return rows
}

async function readForwards<T>(
  segments: readonly Segment[],
  request: ReadRequest<T>,
  after: number
): Promise<readonly T[]> {
  const rows: T[] = []
  // Most ask for the end of the newest: older ones that have nothing of it are not read.
  const firsts = await Promise.all(segments.map(firstId))
  const begin = firsts.findIndex((first) => first !== undefined && first <= after + 1)
  const wanted = begin < 0 ? segments : segments.slice(0, begin + 1)
  for (const segment of [...wanted].reverse()) {
    for await (const lines of linesForwards(segment, await seekId(segment, after + 1))) {
      for (const { text } of lines) {
        const row = rowOf(text, request)
        if (row !== undefined && rows.push(row) >= request.limit) return rows
      }
    }
  }
  return rows
}

function rowOf<T>(line: string, { mayMatch, matches }: ReadRequest<T>): T | undefined {
  if (idOf(line) === undefined || mayMatch?.(line) === false) return undefined
  try {
    const row = JSON.parse(line) as T
    return matches === undefined || matches(row) ? row : undefined
  } catch {
    // It was cut short when its process was killed.
    return undefined
  }
}

async function firstId(segment: Segment): Promise<number | undefined> {
  for await (const lines of linesForwards(segment)) {
    for (const { text } of lines) {
      const id = idOf(text)
      if (id !== undefined) return id
    }
  }
  return undefined
}

/** Of a row that was cut short, too: somebody may have been told of it. */
async function newestId(segments: readonly Segment[]): Promise<number> {
  const [newest] = segments
  const torn = newest && idOf(await cutShort(newest))
  if (torn !== undefined) return torn
  for (const segment of segments) {
    for await (const lines of linesBackwards(segment)) {
      for (const { text } of lines) {
        const id = idOf(text)
        if (id !== undefined) return id
      }
    }
  }
  return 0
}
