/** Fields of a message by number, each with all its values in order: numbers as bigint, the rest as bytes. */
export type ProtobufFields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>

/**
 * One message in Protocol Buffers' wire format (https://protobuf.dev/programming-guides/encoding/), without its schema:
 *
 *     field = varint(number << 3 | type)  value
 *     type    0 varint · 1 eight bytes · 2 varint length, bytes · 5 four bytes
 */
export function readProtobuf(message: Uint8Array): ProtobufFields {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  const fields = new Map<number, (bigint | Uint8Array)[]>()
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error('a field goes beyond its message')
    at += length
    return bytes.subarray(at - length, at)
  }
  const valueOf = (type: number): bigint | Uint8Array => {
    if (type === 0) return varint()
    if (type === 1) return take(8).readBigUInt64LE()
    if (type === 2) return take(Number(varint()))
    if (type === 5) return BigInt(take(4).readUInt32LE())
    throw new Error(`no wire type ${type}`)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const values = fields.get(tag >> 3) ?? []
    fields.set(tag >> 3, values)
    values.push(valueOf(tag & 7))
  }
  return fields
}
