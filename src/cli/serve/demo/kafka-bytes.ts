/** Reads the fields of Kafka's protocol one after the other; out of range it throws. */
export class ReadBytes {
  readonly #bytes: Buffer
  at: number

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1))
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4))
  }

  varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#take(1))
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return value >>> 0
  }

  /** null as ''. */
  string(isCompact = false): string {
    const length = isCompact ? this.varint() - 1 : this.int16()
    const from = this.#take(Math.max(0, length))
    return this.#bytes.toString('utf8', from, this.at)
  }

  length(isCompact = false): number {
    return isCompact ? this.varint() - 1 : this.int32()
  }

  skipTags(): void {
    for (let count = this.varint(); count > 0; count--) {
      this.varint()
      this.#take(this.varint())
    }
  }

  #take(length: number): number {
    const from = this.at
    this.at += length
    if (this.at > this.#bytes.length) throw new RangeError('the message is shorter than its fields')
    return from
  }
}

export function int8(value: number): Buffer {
  return Buffer.from([value & 0xff])
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function string(value: string | null): Buffer {
  if (value === null) return int16(-1)
  const text = Buffer.from(value)
  return Buffer.concat([int16(text.length), text])
}

export function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items])
}
