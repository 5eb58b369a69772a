import type { BatchPayload, FoundHeader, RecordView } from '../../src/model/batch.ts'
import type { RecordBounds } from '../../src/model/record-limits.ts'

/** Counts what `held` is asked for: records handed out, neither sent nor released. */
export interface HeldCount {
  records: number
}

/** Records of one partition, in JavaScript. */
export class FakePayload implements BatchPayload {
  #records: readonly RecordView[]
  #gone = false
  readonly #held: HeldCount
  firstOffset = 0
  lastOffset = 0
  count = 0
  bytes = 0
  firstTimestamp = -1
  maxTimestamp = -1
  minTimestamp = -1
  largestRecord = 0
  hasKeyless = false

  constructor(records: readonly RecordView[], held: HeldCount) {
    this.#records = records
    this.#held = held
    this.#describe()
  }

  take(from: number, to: number): FakePayload | undefined {
    this.#check()
    const taken = this.#records.filter(({ offset }) => offset >= from && offset < to)
    if (taken.length === 0) return undefined
    const left = this.#records.filter((record) => !taken.includes(record))
    this.#records = left
    if (left.length > 0) this.#describe()
    else {
      this.#gone = true
      this.count = 0
    }
    return new FakePayload(taken, this.#held)
  }

  offsetAtOrAfter(timestamp: number): number | undefined {
    this.#check()
    return this.#records.find((record) => record.timestamp >= timestamp)?.offset
  }

  outside({ maxBytes, minTimestamp, maxTimestamp, keyed }: RecordBounds): number[] {
    this.#check()
    return this.#records
      .filter(
        (record) =>
          sizeOf(record) > maxBytes ||
          (record.timestamp > 0 && (record.timestamp < minTimestamp || record.timestamp > maxTimestamp)) ||
          (keyed && record.key === null)
      )
      .map(({ offset }) => offset)
  }

  findHeaders(name: string, maxRecords: number, from: number, to: number): FoundHeader[] {
    this.#check()
    const within = this.#records.filter(({ offset }) => offset >= from && offset < to)
    const chosen = Math.min(within.length, maxRecords)
    return Array.from({ length: chosen }, (_, index) =>
      chosen === 1 ? 0 : Math.floor((index * (within.length - 1)) / (chosen - 1))
    ).flatMap((index) => {
      const record = within[index]
      const value = record?.headers.findLast((header) => Buffer.from(header.name).toString() === name)?.value
      return record === undefined || value === undefined || value === null
        ? []
        : [{ offset: record.offset, value: value.slice(0, 512) }]
    })
  }

  records(): RecordView[] {
    this.#check()
    return [...this.#records]
  }

  release(): void {
    if (!this.#gone) this.surrender()
  }

  /** The records, which belong to the caller from now on. */
  surrender(): readonly RecordView[] {
    this.#check()
    this.#gone = true
    this.#held.records -= this.#records.length
    return this.#records
  }

  #check(): void {
    if (this.#gone) throw new Error('the records were sent or released already')
  }

  #describe(): void {
    const timestamps = this.#records.map(({ timestamp }) => timestamp)
    this.firstOffset = this.#records[0]?.offset ?? 0
    this.lastOffset = this.#records.at(-1)?.offset ?? 0
    this.count = this.#records.length
    this.bytes = this.#records.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0)
    this.firstTimestamp = timestamps[0] ?? -1
    this.maxTimestamp = Math.max(...timestamps)
    this.minTimestamp = Math.min(...timestamps.filter((timestamp) => timestamp > 0))
    if (this.minTimestamp === Number.POSITIVE_INFINITY) this.minTimestamp = -1
    this.largestRecord = Math.max(...this.#records.map(sizeOf))
    this.hasKeyless = this.#records.some(({ key }) => key === null)
  }
}

function sizeOf({ key, value }: RecordView): number {
  return (key?.length ?? 0) + (value?.length ?? 0)
}
