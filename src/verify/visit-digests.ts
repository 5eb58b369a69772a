import type { DigestSink, DigestsInRange } from './digest-reader.ts'
import { WORDS } from './words.ts'

/** Shows each digest by itself: its words begin at `at`. None of them waits. */
export function visiting(
  visit: (digests: DigestsInRange, at: number, offset: number) => void
): Pick<DigestSink, 'take'> {
  return {
    take(digests) {
      const { spans } = digests
      let at = 0
      for (let span = 0; span < spans.length; span += 2) {
        const [first = 0, count = 0] = [spans[span], spans[span + 1]]
        for (let index = 0; index < count; index++, at += WORDS) visit(digests, at, first + index)
      }
      return 0
    }
  }
}
