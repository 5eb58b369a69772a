import { closeSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { HISTORY_SERIES, type StepValues } from './history-series.ts'

/*
 * One file a resolution, of fixed size:
 *
 *     header  64 bytes   "MRHIST01" | u32 seconds a step | u32 slots | u32 values a slot | 0 … | u32 crc of the 60 before
 *     slot    80 bytes   u32 number of the step | f64 × 9, NaN = not measured | u32 crc of the 76 before
 *
 * Numbers are little-endian. Step n, which begins at n × seconds a step since 1970, is in slot n modulo slots, over what
 * was there before; so nothing is ever moved or grows, and a write that was cut short spoils one step, which its crc tells.
 */
const MAGIC = 'MRHIST01'
const HEADER_BYTES = 64
const VALUES = HISTORY_SERIES.length
const SLOT_BYTES = 8 + 8 * VALUES

export interface HistoryRingOptions {
  readonly path: string
  readonly stepSeconds: number
  readonly slots: number
}

/**
 * The newest steps of a job's history.
 *
 * Invariant: a step that was written is read as it was written or, when its write was cut short or it is overwritten, not
 * at all.
 */
export class HistoryRing {
  readonly stepSeconds: number
  readonly slots: number
  readonly #path: string
  #fd: number | undefined

  private constructor({ path, stepSeconds, slots }: HistoryRingOptions) {
    this.stepSeconds = stepSeconds
    this.slots = slots
    this.#path = path
  }

  /**
   * The file is made with the first step. One that is no history of this kind is moved aside, never overwritten.
   *
   * @returns where it was moved to, if it was
   */
  static open(options: HistoryRingOptions): { readonly ring: HistoryRing; readonly movedTo?: string } {
    const ring = new HistoryRing(options)
    const fd = openIfThere(options.path)
    if (fd === undefined) return { ring }
    const header = Buffer.alloc(HEADER_BYTES)
    const length = readSync(fd, header, 0, HEADER_BYTES, 0)
    if (length === HEADER_BYTES && header.equals(headerOf(options))) {
      ring.#fd = fd
      return { ring }
    }
    closeSync(fd)
    // Only its header was cut short: there is nothing in it.
    if (length < HEADER_BYTES) return { ring }
    const movedTo = `${options.path}.damaged-${Date.now()}`
    renameSync(options.path, movedTo)
    return { ring, movedTo }
  }

  /** Throws when the disk does not take it. */
  write(step: number, values: StepValues): void {
    this.#fd ??= create(this.#path, headerOf({ stepSeconds: this.stepSeconds, slots: this.slots }))
    const slot = Buffer.alloc(SLOT_BYTES)
    slot.writeUInt32LE(step, 0)
    values.forEach((value, n) => slot.writeDoubleLE(value ?? NaN, 4 + 8 * n))
    slot.writeUInt32LE(crc32(slot.subarray(0, SLOT_BYTES - 4)), SLOT_BYTES - 4)
    writeSync(this.#fd, slot, 0, SLOT_BYTES, HEADER_BYTES + (step % this.slots) * SLOT_BYTES)
  }

  /** A value for each step from `from` on; undefined = a gap. At most as many as there are slots. */
  read(from: number, count: number): readonly (StepValues | undefined)[] {
    const found = new Array<StepValues | undefined>(count).fill(undefined)
    if (this.#fd === undefined) return found
    const first = from % this.slots
    const inTheEnd = Math.min(count, this.slots - first)
    this.#readRun(first, inTheEnd, from, found)
    if (inTheEnd < count) this.#readRun(0, Math.min(count - inTheEnd, first), from + inTheEnd, found, inTheEnd)
    return found
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  #readRun(slot: number, count: number, step: number, into: (StepValues | undefined)[], at = 0): void {
    if (this.#fd === undefined || count <= 0) return
    const bytes = Buffer.alloc(count * SLOT_BYTES)
    const length = readSync(this.#fd, bytes, 0, bytes.length, HEADER_BYTES + slot * SLOT_BYTES)
    for (let n = 0; (n + 1) * SLOT_BYTES <= length; n++) {
      into[at + n] = valuesOf(bytes.subarray(n * SLOT_BYTES, (n + 1) * SLOT_BYTES), step + n)
    }
  }
}

function valuesOf(slot: Buffer, step: number): StepValues | undefined {
  // What lies there may be of an earlier round.
  if (slot.readUInt32LE(0) !== step) return undefined
  if (slot.readUInt32LE(SLOT_BYTES - 4) !== crc32(slot.subarray(0, SLOT_BYTES - 4))) return undefined
  return HISTORY_SERIES.map((_, n) => {
    const value = slot.readDoubleLE(4 + 8 * n)
    return Number.isNaN(value) ? null : value
  })
}

function headerOf({ stepSeconds, slots }: Omit<HistoryRingOptions, 'path'>): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.write(MAGIC)
  header.writeUInt32LE(stepSeconds, 8)
  header.writeUInt32LE(slots, 12)
  header.writeUInt32LE(VALUES, 16)
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_BYTES - 4)), HEADER_BYTES - 4)
  return header
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Truncates one without a whole header. */
function create(path: string, header: Buffer): number {
  const fd = openSync(path, 'w+', 0o600)
  try {
    writeSync(fd, header, 0, HEADER_BYTES, 0)
    if (fstatSync(fd).size < HEADER_BYTES) throw new Error('the disk is full')
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}
