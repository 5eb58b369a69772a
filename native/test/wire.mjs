import { connect } from 'node:net'

/* As much of Kafka's protocol as it takes to write a record batch byte for byte (KIP-98, message format v2). */

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0x82f63b78 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

/** @param {Buffer} bytes */
function crc32c(bytes) {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/** Zigzag varint. @param {number | bigint} number */
function varint(number) {
  let rest = BigInt.asUintN(64, (BigInt(number) << 1n) ^ (BigInt(number) >> 63n))
  const out = []
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    out.push(rest === 0n ? low : low | 0x80)
  } while (rest !== 0n)
  return Buffer.from(out)
}

const nullable = (bytes) => (bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]))

function encodeRecord({ key, value, headers, timestamp }, index, baseTimestamp) {
  const parts = [Buffer.from([0]), varint(timestamp - baseTimestamp), varint(index), nullable(key), nullable(value)]
  parts.push(varint(headers.length))
  for (const header of headers) parts.push(varint(header.name.length), header.name, nullable(header.value))
  const body = Buffer.concat(parts)
  return Buffer.concat([varint(body.length), body])
}

/** @param {{ key: Buffer | null, value: Buffer | null, headers: { name: Buffer, value: Buffer | null }[], timestamp: number }[]} records */
export function encodeBatch(records) {
  const first = records[0]?.timestamp ?? 0
  const afterCrc = Buffer.alloc(40)
  afterCrc.writeInt16BE(0, 0) // attributes: uncompressed, create time
  afterCrc.writeInt32BE(records.length - 1, 2) // last offset delta
  afterCrc.writeBigInt64BE(BigInt(first), 6)
  afterCrc.writeBigInt64BE(BigInt(Math.max(...records.map(({ timestamp }) => timestamp))), 14)
  afterCrc.writeBigInt64BE(-1n, 22) // producer id
  afterCrc.writeInt16BE(-1, 30) // producer epoch
  afterCrc.writeInt32BE(-1, 32) // base sequence
  afterCrc.writeInt32BE(records.length, 36)
  const body = Buffer.concat([afterCrc, ...records.map((record, i) => encodeRecord(record, i, first))])
  const head = Buffer.alloc(21)
  head.writeBigInt64BE(0n, 0) // base offset
  head.writeInt32BE(body.length + 9, 8)
  head.writeInt32BE(-1, 12) // leader epoch
  head.writeInt8(2, 16) // magic
  head.writeUInt32BE(crc32c(body), 17)
  return Buffer.concat([head, body])
}

const int16 = (number) => {
  const out = Buffer.alloc(2)
  out.writeInt16BE(number)
  return out
}
const int32 = (number) => {
  const out = Buffer.alloc(4)
  out.writeInt32BE(number)
  return out
}
const string = (text) => Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)])

/** Sends one request and gives the answer's bytes. */
function request(server, apiKey, version, body) {
  const [host, port] = server.split(':')
  const message = Buffer.concat([int16(apiKey), int16(version), int32(1), string('wire'), body])
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => socket.write(Buffer.concat([int32(message.length), message])))
    let answer = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return
      socket.end()
      resolve(answer.subarray(8))
    })
    socket.on('error', reject)
  })
}

/** Writes a batch to the partition of an embedded cluster of one broker. */
export async function produceRequest(server, topic, partition, batch) {
  // Metadata v1 makes the topic.
  await request(server, 3, 1, Buffer.concat([int32(1), string(topic)]))
  const body = Buffer.concat([
    int16(-1), // no transactional id
    int16(-1), // acks
    int32(10_000),
    int32(1),
    string(topic),
    int32(1),
    int32(partition),
    int32(batch.length),
    batch
  ])
  const answer = await request(server, 0, 7, body)
  const code = answer.readInt16BE(4 + 2 + Buffer.byteLength(topic) + 4 + 4)
  if (code !== 0) throw new Error(`Produce answered ${code}`)
}
