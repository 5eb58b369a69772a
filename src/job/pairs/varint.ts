/*
 * Whole numbers up to 2^53, seven bits a byte, the lowest first; bit 7 says that more follow. Signed ones are folded:
 * 0, -1, 1, -2 … are 0, 1, 2, 3 …, so small differences take one byte.
 */

const MOST_BYTES = 8

/** Bytes that grow as numbers and texts are added. */
export class ByteWriter {
  #bytes = Buffer.alloc(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  number(value: number): void {
    this.#reserve(MOST_BYTES)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) + 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  signed(value: number): void {
    this.number(value >= 0 ? 2 * value : -2 * value - 1)
  }

  text(value: string): void {
    const bytes = Buffer.from(value)
    this.number(bytes.length)
    this.#reserve(bytes.length)
    this.#length += bytes.copy(this.#bytes, this.#length)
  }

  /** A view of what was written. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#length + count))
    this.#bytes.copy(larger)
    this.#bytes = larger
  }
}

/** Reads what a `ByteWriter` wrote; throws a RangeError behind the end and for what it can't have written. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  number(): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < MOST_BYTES; count++) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('the bytes end in a number')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
    throw new RangeError('a number is too long')
  }

  signed(): number {
    const folded = this.number()
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2
  }

  text(): string {
    const length = this.number()
    if (length > this.#bytes.length - this.#at) throw new RangeError('the bytes end in a text')
    this.#at += length
    return this.#bytes.toString('utf8', this.#at - length, this.#at)
  }
}
