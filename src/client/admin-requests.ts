import { MillraceError, type ErrorPlace } from '../model/millrace-error.ts'
import type { Addon, AddonAdmin } from './addon-types.ts'
import { RenewedHandle, type AdminHandle, type OpenHandle } from './admin-handle.ts'
import { AnswerSlices } from './answer-slices.ts'
import { addonError, clientClosed, failureOf, rdkafkaError } from './client-errors.ts'
import type { ClientEvents } from './client-events.ts'
import { answeringBroker, pause, readMetadata } from './connect-handle.ts'
import { ErrorCode, errorKind, errorName } from './error-codes.ts'
import type { NativeHandle, NativeMetadata } from './node-rdkafka-binding.ts'

export interface AdminRequestParts {
  readonly opened: OpenHandle
  /** Another client like it, over which the same events come. */
  readonly open: () => Promise<OpenHandle>
  readonly addon: Addon
  readonly events: ClientEvents
  readonly cluster: 'source' | 'target'
  /** The group that the handle was made for. */
  readonly groupId: string | undefined
  readonly requestTimeoutMs: number
}

/** What brokers answer when a group still has members. */
export const GROUP_IN_USE = ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS', 'NON_EMPTY_GROUP']

const RETRY_AFTER_MS = 100

/** Within this a coordinator that is there has answered, be it that it is loading; if not, the next has twice as long. */
const COORDINATOR_MS = 4_000

/**
 * Requests of librdkafka's Admin API, on a handle of their own.
 *
 * While a request waits for its broker, librdkafka connects to it again at each change of any connection, without regard
 * to `reconnect.backoff.ms` (`RD_KAFKA_OP_CONNECT` of 2.12 expedites the next attempt): where the broker refuses, that
 * is a whole core until the request's time is over, and it can't be taken back. So after a connection was lost, nothing
 * is requested until a broker has answered what any of them can answer: that keeps to the pauses, in slices.
 *
 * What asks for a group's coordinator waits for the broker that was it, also when librdkafka has given that broker up
 * because the metadata did not name it for a moment (coordinators are remembered per client, up to 2.12 at least:
 * confluentinc/librdkafka#5511). Such a request is never sent. So where brokers answer and the coordinator does not, the
 * client is made anew.
 */
export class AdminRequests {
  readonly place: ErrorPlace
  readonly timeoutMs: number
  readonly #parts: AdminRequestParts
  readonly #handle: RenewedHandle

  constructor(parts: AdminRequestParts) {
    this.#parts = parts
    this.place = { cluster: parts.cluster }
    this.timeoutMs = parts.requestTimeoutMs
    this.#handle = new RenewedHandle(parts.opened, parts.open, parts.addon, parts.events)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** Only a handle of that group may ask for its offsets (see AdminSettings). */
  checkGroup(groupId: string): void {
    if (groupId === this.#parts.groupId) return
    throw new MillraceError({
      code: 'MR_ADMIN_GROUP',
      kind: 'internal',
      message: `the administration client was not made for group ${groupId}`,
      next: 'Report this as a bug.',
      place: this.place
    })
  }

  async answeringBroker(what: string): Promise<{ readonly brokerId?: number }> {
    return answeringBroker(await this.metadata(false, what))
  }

  async metadata(allTopics: boolean, what: string): Promise<NativeMetadata> {
    try {
      return await this.#readMetadata({ allTopics }, this.#parts.requestTimeoutMs)
    } catch (error) {
      if (error instanceof MillraceError) throw error
      throw rdkafkaError('MR_ADMIN_FAILED', what, failureOf(error), this.place)
    }
  }

  async send<K extends keyof AddonAdmin>(request: K, args: AddonAdmin[K][0], what: string): Promise<AddonAdmin[K][1]> {
    return await this.#send(request, args, what, this.timeoutMs)
  }

  async #send<K extends keyof AddonAdmin>(
    request: K,
    args: AddonAdmin[K][0],
    what: string,
    timeoutMs: number
  ): Promise<AddonAdmin[K][1]> {
    if (this.#parts.events.mayBeAway) await this.metadata(false, what)
    const { addon } = this.#parts
    return await this.#openHandle().run(
      async (handle) =>
        await new Promise((resolve, reject) => {
          addon.admin(handle, request, args, timeoutMs, (error, answer) => {
            if (answer !== undefined) resolve(answer)
            else reject(addonError('MR_ADMIN_FAILED', what, error ?? new Error('no answer'), this.place))
          })
        })
    )
  }

  /**
   * Asks again while the answer, or any part of it, is an error that passes: on a cluster that is new, the first group
   * of all waits for its coordinator; a leader moves. librdkafka sends ListOffsets to the leaders that it remembers, for
   * up to 15 minutes, whatever they answer, so it is made to look who leads now.
   */
  async retrying<K extends 'listOffsets' | 'listConsumerGroupOffsets' | 'alterConsumerGroupOffsets' | 'deleteGroup'>(
    request: K,
    args: AddonAdmin[K][0],
    what: string
  ): Promise<AddonAdmin[K][1]> {
    const deadline = Date.now() + this.timeoutMs
    const isOfCoordinator = request !== 'listOffsets'
    const slices = new AnswerSlices(
      deadline,
      Date.now,
      this.timeoutMs,
      isOfCoordinator ? COORDINATOR_MS : this.timeoutMs
    )
    for (;;) {
      const { current } = this.#handle
      try {
        const answers: AddonAdmin[K][1] = await this.#send(request, args, what, slices.next())
        const failed = answers.filter(({ code }) => isPassing(code))
        if (failed.length === 0 || Date.now() >= deadline) return answers
        if (request === 'listOffsets') await this.#learnLeaders(failed as AddonAdmin['listOffsets'][1], deadline)
      } catch (error) {
        if (!isPassingFailure(error) || Date.now() >= deadline) throw error
        if (request === 'listOffsets')
          await this.#learnLeaders((args as AddonAdmin['listOffsets'][0]).partitions, deadline)
        const { code } = failureOf((error as MillraceError).cause)
        slices.failed(code)
        if (isOfCoordinator && code === ErrorCode.timedOut) await this.#renew(current, deadline)
      }
      await pause(RETRY_AFTER_MS)
    }
  }

  /** Not while no broker answers: then it is not what the client remembers. */
  async #renew(worn: AdminHandle, deadline: number): Promise<void> {
    const timeout = Math.ceil(deadline - Date.now())
    if (timeout <= 0) return
    const answer = await this.#readMetadata({ allTopics: false }, timeout).catch(() => undefined)
    if (answer !== undefined) await this.#handle.renew(worn)
  }

  /** Whether that worked is seen when the request is repeated. */
  async #learnLeaders(of: readonly { readonly topic: string }[], deadline: number): Promise<void> {
    for (const topic of new Set(of.map((partition) => partition.topic))) {
      const timeout = Math.ceil(deadline - Date.now())
      if (timeout <= 0) return
      await this.#readMetadata({ topic, allTopics: false }, timeout).catch(() => undefined)
    }
  }

  /**
   * In slices: closing waits for the call, and the client goes on trying to log in until it is closed. An answer about
   * all topics may take longer than a slice, and what was asked for in vain is made by the broker all the same: that is
   * asked once, with all the time that is left, when a broker has answered.
   */
  async #readMetadata(
    of: { readonly topic?: string; readonly allTopics: boolean },
    timeoutMs: number
  ): Promise<NativeMetadata> {
    return await this.#openHandle().run(async (handle) => await this.#readInSlices(handle, of, timeoutMs))
  }

  async #readInSlices(
    handle: NativeHandle,
    of: { readonly topic?: string; readonly allTopics: boolean },
    timeoutMs: number
  ): Promise<NativeMetadata> {
    const deadline = Date.now() + timeoutMs
    const slices = new AnswerSlices(deadline, Date.now, timeoutMs)
    let brokerIsThere = false
    for (;;) {
      try {
        const isWhole = !of.allTopics || brokerIsThere
        const timeout = brokerIsThere ? Math.max(1, deadline - Date.now()) : slices.next()
        const metadata = await readMetadata(handle, { ...(isWhole ? of : { allTopics: false }), timeout })
        this.#parts.events.answered()
        if (isWhole) return metadata
        brokerIsThere = true
      } catch (error) {
        const { code } = failureOf(error)
        const passes = code === ErrorCode.timedOut || code === ErrorCode.transport
        if (!passes || Date.now() >= deadline) throw error
        brokerIsThere = false
        slices.failed(code)
        await pause(20)
        // What runs is waited for, what has to be begun anew is not.
        if (this.#handle.closing) throw clientClosed(this.place)
      }
    }
  }

  #openHandle(): AdminHandle {
    if (this.#handle.closing) throw clientClosed(this.place)
    return this.#handle.current
  }
}

function isPassingFailure(error: unknown): boolean {
  if (!(error instanceof MillraceError) || error.kind !== 'retry') return false
  return error.cause === undefined || isPassing(failureOf(error.cause).code)
}

function isPassing(code: number): boolean {
  return code !== 0 && errorKind(code) === 'retry' && !GROUP_IN_USE.includes(errorName(code))
}
