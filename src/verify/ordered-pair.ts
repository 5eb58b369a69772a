import type { DigestSink, DigestsInRange } from './digest-reader.ts'
import { PendingDigests } from './pending-digests.ts'
import { type AlignerOptions, type Alignment, SequenceAligner } from './sequence-aligner.ts'
import type { SourceRange, TargetRange } from './verify-types.ts'
import { WORDS } from './words.ts'

/** Sees all digests of a pair of partitions as they come, those of a side in order. */
export type OnTake = (side: 'source' | 'target', digests: DigestsInRange) => void

/**
 * A source partition and its copy, digests coming in on both sides.
 *
 * Invariant: `result` is there once both sides have ended and everything was compared; the aligner, which has the large
 * windows, is there until then.
 */
export class OrderedPair {
  readonly source: SourceRange
  readonly target: TargetRange
  result: Alignment | undefined
  #aligner: SequenceAligner | undefined
  readonly #pending = { source: new PendingDigests(), target: new PendingDigests() }
  readonly #onTake: OnTake | undefined
  readonly #ended = { source: false, target: false }
  readonly #records = { source: 0, target: 0 }

  constructor(
    source: SourceRange,
    target: TargetRange,
    options: Pick<AlignerOptions, 'window' | 'mostUnmatched' | 'mostNamed'>,
    onTake?: OnTake
  ) {
    this.#onTake = onTake
    this.source = source
    this.target = target
    this.#aligner = new SequenceAligner({
      ...options,
      requiredTo: source.requiredTo,
      audited: source.audited,
      sourceTo: source.to,
      targetTo: target.to,
      sourceTrimmed: source.isTrimmed,
      targetTrimmed: target.isTrimmed || source.isStartUnknown
    })
  }

  get records(): { readonly source: number; readonly target: number } {
    return this.#records
  }

  /**
   * What looks like a phantom may have been delivered before, further back than the window; and more was unmatched than
   * could be kept: to be compared once more, as sets.
   */
  get needsSecondLook(): boolean {
    return this.result !== undefined && (this.result.isRough || this.result.differences.phantom.count > 0)
  }

  /** Digests that were read and not compared yet. */
  waiting(side: 'source' | 'target'): number {
    return this.#pending[side].count
  }

  sink(side: 'source' | 'target'): DigestSink {
    return {
      take: (digests) => {
        this.#onTake?.(side, digests)
        this.#records[side] += digests.words.length / WORDS
        this.#pending[side].push(digests)
        this.#advance()
        return this.#pending[side].count
      },
      end: () => {
        this.#ended[side] = true
        this.#advance()
      }
    }
  }

  #advance(): void {
    if (this.#aligner === undefined) return
    const wanted = this.#aligner.advance(this.#pending.source, this.#pending.target, this.#ended)
    if (wanted !== undefined) return
    this.result = this.#aligner.finish()
    this.#aligner = undefined
  }
}
