/** A record of one side that has no counterpart yet. */
export interface UnmatchedRecord {
  readonly key: string
  readonly offset: number
  /** Place of the source in its sequence; -1 at the target. */
  readonly place: number
  /** What stood at the same spot of the other side: perhaps its altered copy. */
  partner: UnmatchedRecord | undefined
  /** Its counterpart was found after all. */
  settled: boolean
}

const FILTER_SIZE = 1 << 16

/** Records without a counterpart, found by their digest, in bounded number. */
export class Unmatched {
  readonly #most: number
  readonly #byKey = new Map<string, UnmatchedRecord[]>()
  readonly #byPlace = new Map<number, UnmatchedRecord>()
  /** 1: some record whose first word ends like this was added. */
  readonly #filter = new Uint8Array(FILTER_SIZE)
  #size = 0

  constructor(most: number) {
    this.#most = most
  }

  /** False: no record has a digest with this first word. Cheap, for every record. */
  mayHave(firstWord: number): boolean {
    return this.#size > 0 && this.#filter[firstWord & (FILTER_SIZE - 1)] === 1
  }

  /** Undefined: there is no room. */
  add(key: string, offset: number, place: number): UnmatchedRecord | undefined {
    if (this.#size >= this.#most) return undefined
    const record: UnmatchedRecord = { key, offset, place, partner: undefined, settled: false }
    const alike = this.#byKey.get(key)
    if (alike === undefined) this.#byKey.set(key, [record])
    else alike.push(record)
    if (place >= 0) this.#byPlace.set(place, record)
    // The first letter of a key is the lower half of the first word.
    this.#filter[key.charCodeAt(0)] = 1
    this.#size++
    return record
  }

  /** Takes the first record with this digest out: it has its counterpart. */
  settle(key: string): UnmatchedRecord | undefined {
    const record = this.#byKey.get(key)?.[0]
    if (record !== undefined) this.#remove(record)
    return record
  }

  settlePlace(place: number): UnmatchedRecord | undefined {
    const record = this.#byPlace.get(place)
    if (record !== undefined) this.#remove(record)
    return record
  }

  /** What is left, by offset. */
  left(): UnmatchedRecord[] {
    return [...this.#byKey.values()].flat().toSorted((a, b) => a.offset - b.offset)
  }

  #remove(record: UnmatchedRecord): void {
    record.settled = true
    const alike = this.#byKey.get(record.key) ?? []
    alike.splice(alike.indexOf(record), 1)
    if (alike.length === 0) this.#byKey.delete(record.key)
    this.#byPlace.delete(record.place)
    this.#size--
    if (this.#size === 0) this.#filter.fill(0)
  }
}
