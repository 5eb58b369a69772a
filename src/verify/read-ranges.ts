import type { DigestReader, DigestSink } from './digest-reader.ts'
import type { ReadRange } from './verify-types.ts'

const MOST_AT_ONCE = 64

export interface RangeToRead {
  readonly range: ReadRange
  readonly sink: Pick<DigestSink, 'take'>
}

/** Reads ranges to their ends, some at once, in any order. */
export async function readRanges(
  reader: DigestReader,
  ranges: readonly RangeToRead[],
  signal: AbortSignal
): Promise<void> {
  let next = 0
  try {
    for (;;) {
      for (; next < ranges.length && reader.open < MOST_AT_ONCE; next++) {
        const one = ranges[next]
        if (one !== undefined)
          reader.add(one.range, { take: (digests) => one.sink.take(digests), end: () => undefined })
      }
      if (reader.open === 0) return
      signal.throwIfAborted()
      await reader.pump()
    }
  } finally {
    reader.drop()
  }
}
