import type { Checkpoints } from '../checkpoint/checkpoints.ts'
import type { BatchConsumer } from '../client/types.ts'
import type { DeliveryFailure } from '../model/settlement.ts'
import type { StopReason } from '../model/stop-reason.ts'
import { recordRefused } from '../sink/record-refused.ts'
import type { PartitionReader } from '../source/partition-reader.ts'
import { rewindReader } from '../source/rewind-reader.ts'
import type { ProducerSlot } from './producer-slot.ts'

export interface RecoveryOptions {
  readonly consumer: BatchConsumer
  readonly checkpoints: Checkpoints
  readonly slot: ProducerSlot
  readonly seekTimeoutMs: number
  /** Whether the reader still stands for its partition. */
  readonly isCurrent: (reader: PartitionReader) => boolean
  /** The target found fault with records that went with others. */
  readonly onFault: (reader: PartitionReader, failure: DeliveryFailure) => void
  /** The partition may be sent again. */
  readonly onUnblocked: (reader: PartitionReader) => void
  readonly stopPartition: (reader: PartitionReader, reason: StopReason, traceId: string | undefined) => void
  readonly onError: (error: unknown) => void
}

interface Refused {
  readonly failure: DeliveryFailure
  readonly traceId: string | undefined
}

/**
 * What happens to a partition when a batch of it was not delivered. Reading stops, the rest of what is in flight is
 * awaited, and then: a record of which it is decided stops the partition there; anything else (the producer had to be
 * made anew, records were refused together and must go alone) is read again from the checkpoint.
 *
 * Invariant: a partition is in `#failing` from its first failure until it is stopped or rewound, and nothing of it is
 * sent meanwhile, so no follower overtakes a failed record.
 */
export class PartitionRecovery {
  readonly #options: RecoveryOptions
  readonly #failing = new Map<PartitionReader, { refused: Refused | undefined }>()

  constructor(options: RecoveryOptions) {
    this.#options = options
  }

  /** @param traceId of the batch that failed, if it was traced */
  failed(reader: PartitionReader, failure: DeliveryFailure, traceId?: string): void {
    const isFault = failure.fault !== undefined && failure.stop === undefined
    if (isFault) this.#options.onFault(reader, failure)
    const isFinal = failure.stop !== undefined || (failure.kind === 'refused' && !isFault)
    const refused = isFinal ? { failure, traceId } : undefined
    if (failure.kind === 'purged' || isFault)
      void this.#options.slot.remake(`records were not delivered (${failure.name})`)
    const known = this.#failing.get(reader)
    if (known !== undefined) {
      known.refused ??= refused
      return
    }
    this.#failing.set(reader, { refused })
    if (reader.state !== 'stopped') reader.beginRewind(reader.handedOut)
    this.#recover(reader).catch(this.#options.onError)
  }

  async #recover(reader: PartitionReader): Promise<void> {
    const { consumer, checkpoints, slot, isCurrent, stopPartition, seekTimeoutMs } = this.#options
    await reader.whenIdle(Number.POSITIVE_INFINITY)
    await slot.whenReady()
    const refused = this.#failing.get(reader)?.refused
    this.#failing.delete(reader)
    // A partition that was let go has no use for its lane, and its checkpoint may be another assignment's by now.
    if (!isCurrent(reader) || reader.state === 'stopped') return
    slot.current.unblock(reader.lane)
    this.#options.onUnblocked(reader)
    checkpoints.rewind(reader.source)
    const checkpoint = checkpoints.of(reader.source)
    if (checkpoint === undefined) return
    if (refused !== undefined) {
      // Nothing above the checkpoint reached the target.
      reader.beginRewind(checkpoint)
      stopPartition(reader, reasonOf(reader, refused.failure), refused.traceId)
      return
    }
    await rewindReader(consumer, reader, checkpoint, seekTimeoutMs)
    if (!isCurrent(reader) || !reader.isWanted || reader.heldByUser) return
    consumer.resume([reader.source])
    reader.paused = false
  }
}

function reasonOf({ source }: PartitionReader, { stop, offset, code, name }: DeliveryFailure): StopReason {
  return stop ?? recordRefused({ ...source, offset }, { code, name })
}
