import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseReply,
  parseRequest,
  writeReply,
  writeRequest,
  type ControlRequest
} from '../../../src/job/control/control-protocol.ts'
import { MillraceError } from '../../../src/model/millrace-error.ts'

const topic = fc.stringMatching(/^[A-Za-z0-9._-]{1,249}$/)
const perSecond = fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
const target = fc.oneof(
  fc.constant({}),
  topic.map((name) => ({ topic: name })),
  fc.record({ topic, partition: fc.nat(2 ** 31 - 1) })
)
const request: fc.Arbitrary<ControlRequest> = fc.oneof(
  fc.constant({ op: 'status' } as const),
  fc.record({
    op: fc.constant('rate' as const),
    change: fc.record({ bytes: perSecond, records: perSecond }, { requiredKeys: [] })
  }),
  fc.record({ op: fc.constantFrom('pause' as const, 'resume' as const), target })
)

/** It is understood, or refused with MR_CONTROL_REQUEST; nothing else. */
function understood(line: string): ControlRequest | undefined {
  try {
    return parseRequest(line)
  } catch (error) {
    expect(error).toBeInstanceOf(MillraceError)
    expect(error).toMatchObject({ code: 'MR_CONTROL_REQUEST' })
    return undefined
  }
}

describe('a request', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(request, (asked) => {
        expect(parseRequest(writeRequest(asked))).toEqual(asked)
      })
    )
  })

  it.each([
    ['', /not JSON/],
    ['{', /not JSON/],
    ['[]', /not an object/],
    ['null', /not an object/],
    ['{"op":"status"}', /"v" must be 1/],
    ['{"v":2,"op":"status"}', /"v" must be 1/],
    ['{"v":1,"op":"stop"}', /"op" must be/],
    ['{"v":1,"op":"status","x":1}', /"x" is not known/],
    ['{"v":1,"op":"rate","bytes":0}', /"bytes" must be/],
    ['{"v":1,"op":"rate","bytes":"5MiB"}', /"bytes" must be/],
    ['{"v":1,"op":"rate","records":1.5}', /"records" must be/],
    ['{"v":1,"op":"pause","partition":1}', /needs "topic"/],
    ['{"v":1,"op":"pause","topic":"a/b"}', /name of a topic/],
    ['{"v":1,"op":"pause","topic":"a","partition":-1}', /number of a partition/],
    ['{"v":1,"op":"pause","topic":"a","__proto__":{"partition":1}}', /not known/]
  ])('such as %s is refused with the reason', (line, reason) => {
    expect(() => parseRequest(line)).toThrow(reason)
  })

  it('that is anything at all is understood or refused, and nothing else happens', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (line) => void understood(line)))
  })

  it('that is damaged is refused, or still means something that may be asked', () => {
    fc.assert(
      fc.property(
        request,
        fc.nat(),
        fc.string({ unit: 'binary', maxLength: 4 }),
        fc.nat(5),
        (asked, at, noise, cut) => {
          const line = writeRequest(asked)
          const from = at % line.length
          const read = understood(line.slice(0, from) + noise + line.slice(from + cut))
          if (read !== undefined) expect(parseRequest(writeRequest(read))).toEqual(read)
        }
      ),
      { numRuns: 500 }
    )
  })

  it('with other types in its fields is refused', () => {
    const field = fc.constantFrom('topic', 'partition', 'bytes', 'records')
    fc.assert(
      fc.property(fc.constantFrom('pause', 'rate', 'status'), fc.dictionary(field, fc.jsonValue()), (op, fields) => {
        const read = understood(JSON.stringify({ v: 1, op, ...fields }))
        if (read !== undefined) expect(parseRequest(writeRequest(read))).toEqual(read)
      })
    )
  })
})

describe('a reply', () => {
  it('is read as it was written', () => {
    const ok = { ok: { bytes: 5 } }
    expect(parseReply(writeReply(ok))).toEqual(ok)
    const error = { error: { code: 'MR_X', kind: 'retry', message: 'no', place: {} } } as const
    expect(parseReply(writeReply(error))).toEqual(error)
  })

  it('that is anything else is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (line) => {
        expect(() => parseReply(line)).not.toThrow()
      })
    )
    for (const line of ['', '{}', '{"v":2,"ok":{}}', '{"v":1}', '{"v":1,"error":{}}', '{"v":1,"ok":3}']) {
      expect(parseReply(line)).toBeUndefined()
    }
  })
})
