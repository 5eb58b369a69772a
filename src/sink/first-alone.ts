import type { BatchProducer, SendTarget } from '../client/types.ts'
import type { BatchPayload } from '../model/batch.ts'
import { MillraceError } from '../model/millrace-error.ts'
import { nextOffset } from '../model/offset.ts'
import { type Settlement, unsent } from '../model/settlement.ts'
import { partitionName } from '../model/topic-partition.ts'
import { joinSettlements } from './join-settlements.ts'

/** Brokers forget a producer that is silent for a day (`producer.id.expiration.ms`); we ask long before. */
const KNOWN_FOR_MS = 10 * 60_000

interface Acquaintance {
  /** Until then (`performance.now()`) the broker counts the producer's sequence numbers in this partition. */
  knownUntil: number
  /** Sends that have not begun. */
  waiting: number
  last: Promise<void>
}

/**
 * Sends the first record of a producer to a partition alone, and the rest when it is delivered.
 *
 * A broker that has nothing of a producer in a partition takes any sequence number for the first. So if the first
 * request is refused, those on their way behind it are taken all the same: the followers of a refused record overtake
 * it, and no gapless guarantee of the client helps (seen on 3.9.1). Once one record is in, a gap is refused.
 *
 * Invariant: sends to one partition begin in the order of the calls, also those that had to wait.
 */
export class FirstAlone {
  readonly #byProducer = new WeakMap<BatchProducer, Map<string, Acquaintance>>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Sends by this producer, as `BatchProducer.send`; one that is closed meanwhile is a failure like any other. */
  of(producer: BatchProducer): Pick<BatchProducer, 'send'> {
    return { send: (payload, target) => this.#send(producer, payload, target) }
  }

  /** Nearly every batch goes straight through, so that way has no promise of its own. */
  #send(producer: BatchProducer, payload: BatchPayload, target: SendTarget): Promise<Settlement> {
    const partition = this.#acquaintance(producer, target)
    return partition.waiting === 0 && this.#isKnown(partition)
      ? this.#attempt(partition, producer, payload, target)
      : this.#introduce(partition, producer, payload, target)
  }

  async #introduce(
    partition: Acquaintance,
    producer: BatchProducer,
    payload: BatchPayload,
    target: SendTarget
  ): Promise<Settlement> {
    const attempt = (records: BatchPayload) => this.#attempt(partition, producer, records, target)
    partition.waiting += 1
    const begun = partition.last.then(async () => {
      const head = this.#isKnown(partition) ? undefined : takeFirst(payload)
      if (head === undefined) return undefined
      // The only record is its own introduction.
      return head === payload ? { only: await attempt(head) } : { first: await attempt(head) }
    })
    const sent = begun.then((introduction) => {
      partition.waiting -= 1
      if (introduction?.only !== undefined) return { settled: introduction.only }
      const first = introduction?.first
      if (first?.failure !== undefined) return { settled: withoutTheRest(first, payload) }
      // Begun here and awaited elsewhere: the next send may begin now.
      return { first, rest: attempt(payload) }
    })
    partition.last = sent.then(
      () => undefined,
      () => undefined
    )
    const { settled, first, rest } = await sent
    if (settled !== undefined) return settled
    return first === undefined ? await rest : joinSettlements([first, await rest])
  }

  #attempt(
    partition: Acquaintance,
    producer: BatchProducer,
    payload: BatchPayload,
    target: SendTarget
  ): Promise<Settlement> {
    return producer.send(payload, target).then(
      (result) => {
        if (result.delivered > 0) partition.knownUntil = this.#now() + KNOWN_FOR_MS
        return result
      },
      (error: unknown) => {
        if (!(error instanceof MillraceError) || error.code !== 'MR_CLIENT_CLOSED') throw error
        const { firstOffset, count } = payload
        payload.release()
        return unsent(firstOffset, count)
      }
    )
  }

  #isKnown({ knownUntil }: Acquaintance): boolean {
    return this.#now() < knownUntil
  }

  #acquaintance(producer: BatchProducer, target: SendTarget): Acquaintance {
    let byName = this.#byProducer.get(producer)
    if (byName === undefined) this.#byProducer.set(producer, (byName = new Map()))
    const name = partitionName(target)
    let known = byName.get(name)
    if (known === undefined) byName.set(name, (known = { knownUntil: -Infinity, waiting: 0, last: Promise.resolve() }))
    return known
  }
}

/** The first record in a payload of its own; the payload itself when it has no other. */
function takeFirst(payload: BatchPayload): BatchPayload | undefined {
  const { firstOffset, count } = payload
  return count > 1 ? payload.take(firstOffset, nextOffset(firstOffset)) : payload
}

function withoutTheRest(first: Settlement, rest: BatchPayload): Settlement {
  const { failure } = first
  if (failure === undefined) return first
  const { count } = rest
  rest.release()
  return { ...first, failure: { ...failure, count: failure.count + count } }
}
