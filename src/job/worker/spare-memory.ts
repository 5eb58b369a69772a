import type { ProcessMemory } from '../../client/types.ts'

const MIB = 1024 * 1024
const SECOND = 1000

/**
 * Large fetch buffers come and go; below this size malloc keeps them instead of mapping and unmapping each one, whose
 * page faults cost as much as the work.
 */
export const BUSY_KEEPS_BYTES = 256 * MIB
/** With little to do there are few fetches, and few page faults for them. */
const QUIET_KEEPS_BYTES = 4 * MIB
const QUIET_BYTES_A_SECOND = 8 * MIB
/** So long it must have been quiet. */
const QUIET_AFTER_MS = 3 * SECOND
/** What threads freed in the middle of their arenas meanwhile. */
const AGAIN_AFTER_MS = 60 * SECOND

/**
 * A worker that has caught up gives the memory back that catching up took: it would be kept for ever.
 *
 * Invariant: malloc keeps `BUSY_KEEPS_BYTES` from the first sample of more than a little until it has been quiet.
 */
export class SpareMemory {
  readonly #memory: ProcessMemory
  readonly #now: () => number
  #last: { readonly at: number; readonly bytes: number } | undefined
  #quietSince: number | undefined
  #gaveBackAt: number | undefined

  /** @param now a clock in ms that doesn't jump */
  constructor(memory: ProcessMemory, now: () => number = () => performance.now()) {
    this.#memory = memory
    this.#now = now
  }

  /** Call it once or twice a second. @param bytes delivered so far */
  sample(bytes: number): void {
    const at = this.#now()
    const last = this.#last
    this.#last = { at, bytes }
    if (last === undefined || at <= last.at) return
    if (((bytes - last.bytes) * SECOND) / (at - last.at) > QUIET_BYTES_A_SECOND) return this.#busy()
    this.#quietSince ??= last.at
    if (at - this.#quietSince >= QUIET_AFTER_MS) this.#quiet(at)
  }

  #busy(): void {
    this.#quietSince = undefined
    if (this.#gaveBackAt === undefined) return
    this.#gaveBackAt = undefined
    this.#memory.keepFreed(BUSY_KEEPS_BYTES)
  }

  #quiet(at: number): void {
    if (this.#gaveBackAt === undefined) this.#memory.keepFreed(QUIET_KEEPS_BYTES)
    else if (at - this.#gaveBackAt < AGAIN_AFTER_MS) return
    this.#gaveBackAt = at
    void this.#memory.giveBack()
  }
}
