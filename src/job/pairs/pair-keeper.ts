import type { Loss } from '../../model/loss.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import type { DeliveredRuns } from '../../model/offset-pairs.ts'
import { partitionName } from '../../model/topic-partition.ts'
import type { PreparedPartition } from '../../pipeline/types.ts'
import { PairStore } from './pair-store.ts'

export interface PairKeeperOptions {
  readonly stateDir: string
  /** The copy begins, or begins anew: whatever was copied before was another one. */
  readonly beginsAnew: boolean
  readonly onWarning: (error: MillraceError) => void
}

/** After these, offsets of the partition may name other records than before, though the topic may have no id to tell. */
const ANEW: ReadonlySet<Loss['kind']> = new Set(['truncated', 'remade', 'target-lost', 'target-deleted'])

/** Keeps a job's offset pairs, and decides which of them belong together. */
export class PairKeeper {
  readonly #options: PairKeeperOptions
  readonly #store: PairStore
  readonly #begun = new Set<string>()
  readonly #lost = new Set<string>()

  constructor(options: PairKeeperOptions) {
    this.#options = options
    const { stateDir } = options
    this.#store = new PairStore({ stateDir, onTrouble: (error) => options.onWarning(notKept(stateDir, error)) })
  }

  /** Never rejects: a job whose pairs can't be kept copies all the same. */
  async open(): Promise<void> {
    await this.#store.open()
  }

  /** A partition is about to be given to a worker. Returns the generation that its pairs belong to. */
  begin({ topic, partition, target, metadata }: PreparedPartition): number {
    const name = partitionName({ topic, partition })
    const isAnew = this.#lost.delete(name) || (this.#options.beginsAnew && !this.#begun.has(name))
    this.#begun.add(name)
    return this.#store.begin({
      topic,
      partition,
      target,
      sourceId: metadata?.topicId,
      targetId: metadata?.targetId,
      isAnew
    })
  }

  lost(loss: Loss): void {
    if (ANEW.has(loss.kind)) this.#lost.add(partitionName(loss))
  }

  /** Resolves when the disk has these pairs, or can't take them. */
  async keep(delivered: readonly DeliveredRuns[]): Promise<void> {
    await this.#store.keep(delivered)
  }

  async close(): Promise<void> {
    await this.#store.close()
  }
}

function notKept(stateDir: string, cause: unknown): MillraceError {
  return new MillraceError({
    code: 'MR_PAIRS_NOT_KEPT',
    kind: 'configuration',
    message: `Offset pairs can't be kept in ${stateDir}: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: 'Make room on the disk of stateDir and let this user write there. Copying goes on; verify and offsets know less.',
    place: { option: 'stateDir' },
    cause
  })
}
